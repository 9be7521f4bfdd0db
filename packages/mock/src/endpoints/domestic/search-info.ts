import { kindOf } from '../../market/kinds.ts';
import type { Market, Stock } from '../../market/market.ts';
import { uapiReply } from '../../reply.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Fields } from '../outputs.ts';
import { findProduct, productNames, productNumber } from './product.ts';

/** 상품기본조회. */
export function createSearchInfo(market: Market): Endpoint {
  return {
    method: 'GET',
    path: '/uapi/domestic-stock/v1/quotations/search-info',
    trIds: { real: ['CTPF1604R'], virtual: [] },
    params: ['PDNO', 'PRDT_TYPE_CD'],
    answer({ params }) {
      const stock = findProduct(market, params);
      return 'body' in stock ? stock : uapiReply({ output: productFields(stock) }, { kisCode: 'KIOK0530' });
    },
  };
}

const CLASSES = { ordinary: '주식', preferred: '주식', ETF: 'ETF', ETN: 'ETN' } as const;
const CLASS_CODES = { ordinary: '101110', preferred: '101110', ETF: '101120', ETN: '101130' } as const;

function productFields({ symbol }: Stock): Fields {
  const names = productNames(symbol);
  const kind = kindOf(symbol);
  return {
    pdno: productNumber(symbol),
    prdt_type_cd: '300',
    prdt_name: names.full,
    prdt_name120: names.full,
    prdt_abrv_name: symbol.name,
    prdt_eng_name: names.english,
    prdt_eng_name120: names.english,
    prdt_eng_abrv_name: names.english,
    std_pdno: names.standardCode,
    shtn_pdno: symbol.code,
    prdt_sale_stat_cd: '',
    prdt_risk_grad_cd: '',
    prdt_clsf_cd: CLASS_CODES[kind],
    prdt_clsf_name: CLASSES[kind],
    sale_strt_dt: '',
    sale_end_dt: '',
    wrap_asst_type_cd: '06',
    ivst_prdt_type_cd: '1011',
    ivst_prdt_type_cd_name: CLASSES[kind],
    frst_erlm_dt: '',
  };
}
