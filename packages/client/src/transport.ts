/** One call of KIS. It holds no key and no token: these are put in at the bottom, under all layers. */
export interface KisRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** KIS: `tr_id`. */
  readonly trId: string;
  /** The query of a GET, the JSON body of a POST. Account numbers in it do not show in logs. */
  readonly params: KisParams;
  /** `'N'` asks for the next page. KIS: `tr_cont`. */
  readonly trCont: '' | 'N';
  /** 1 for the first time that this call is sent, whichever layer has it sent again; a copy (`{ ...request }`) is the same call. */
  readonly attempt: number;
  readonly signal?: AbortSignal | undefined;
}

export type KisParams = Readonly<Record<string, string>>;

/** KIS's answer to a call that it did not refuse. */
export interface KisReply {
  readonly trId: string;
  /** HTTP status. KIS decides by `rt_cd`, not by this. */
  readonly status: number;
  /** `'F'` or `'M'`: there are more pages. KIS: `tr_cont`. */
  readonly trCont: string;
  /** The instant of the reply by KIS's own clock (`Date` header), else by the local one. Epoch milliseconds. */
  readonly dateMs: number;
  /** As KIS gave it: `rt_cd`, `msg_cd`, `msg1`, `output…` and, where there are pages, `ctx_area_…`. */
  readonly body: KisBody;
}

export type KisBody = Readonly<Record<string, unknown>>;

/** Carries a request to KIS. A refusal by KIS is a rejection with `KisApiError`, so every layer sees one kind of failure. */
export type Transport = (request: KisRequest) => Promise<KisReply>;

/** A layer: takes the transport below and gives the one above. */
export type Middleware = (next: Transport) => Transport;
