import { kindOf } from '../../market/kinds.ts';
import type { Market, Stock } from '../../market/market.ts';
import type { OverseasMarket } from '../../overseas/overseas-market.ts';
import { isReply, uapiReply } from '../../reply.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Fields } from '../outputs.ts';
import { findOverseasProduct, isinOf, type OverseasProduct } from '../overseas/overseas-product.ts';
import { findProduct, productNames, productNumber } from './product.ts';

/** 상품기본조회, of markets abroad, too. */
export function createSearchInfo(market: Market, overseas: OverseasMarket): Endpoint {
  return {
    method: 'GET',
    path: '/uapi/domestic-stock/v1/quotations/search-info',
    trIds: { real: ['CTPF1604R'], virtual: [] },
    params: ['PDNO', 'PRDT_TYPE_CD'],
    answer({ params }) {
      const found = findOverseasProduct(overseas, params) ?? findProduct(market, params);
      if (isReply(found)) return found;
      const product = 'names' in found ? productAbroad(found) : productAtHome(found);
      return uapiReply({ output: productFields(product) }, { kisCode: 'KIOK0530' });
    },
  };
}

interface Product {
  readonly number: string;
  readonly type: string;
  readonly code: string;
  readonly name: string;
  readonly fullName: string;
  readonly englishName: string;
  readonly standardCode: string;
  readonly classCode: string;
  readonly className: string;
  readonly investmentType: string;
}

const CLASSES = { ordinary: '주식', preferred: '주식', ETF: 'ETF', ETN: 'ETN' } as const;
const CLASS_CODES = { ordinary: '101110', preferred: '101110', ETF: '101120', ETN: '101130' } as const;

function productAtHome({ symbol }: Stock): Product {
  const { full, english, standardCode } = productNames(symbol);
  const kind = kindOf(symbol);
  return {
    number: productNumber(symbol),
    type: '300',
    code: symbol.code,
    name: symbol.name,
    fullName: full,
    englishName: english,
    standardCode,
    classCode: CLASS_CODES[kind],
    className: CLASSES[kind],
    investmentType: '1011',
  };
}

function productAbroad({ stock, names }: OverseasProduct): Product {
  const { symbol, koreanName, englishName } = stock.symbol;
  return {
    number: symbol,
    type: names.productType,
    code: symbol,
    name: koreanName,
    fullName: koreanName,
    englishName,
    standardCode: isinOf(stock),
    classCode: '101210',
    className: '해외주식',
    investmentType: '1012',
  };
}

function productFields(product: Product): Fields {
  return {
    pdno: product.number,
    prdt_type_cd: product.type,
    prdt_name: product.fullName,
    prdt_name120: product.fullName,
    prdt_abrv_name: product.name,
    prdt_eng_name: product.englishName,
    prdt_eng_name120: product.englishName,
    prdt_eng_abrv_name: product.englishName,
    std_pdno: product.standardCode,
    shtn_pdno: product.code,
    prdt_sale_stat_cd: '',
    prdt_risk_grad_cd: '',
    prdt_clsf_cd: product.classCode,
    prdt_clsf_name: product.className,
    sale_strt_dt: '',
    sale_end_dt: '',
    wrap_asst_type_cd: '06',
    ivst_prdt_type_cd: product.investmentType,
    ivst_prdt_type_cd_name: product.className,
    frst_erlm_dt: '',
  };
}
