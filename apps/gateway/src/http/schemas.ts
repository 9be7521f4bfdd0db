import { type TObject, type TOptional, type TSchema, type TString, Type } from 'typebox';

/** What all routes have in common; the OpenAPI document is made of it. */

export const AccountQuery: TObject<{ account: TOptional<TString> }> = Type.Object({
  account: Type.Optional(Type.String({ maxLength: 40, description: 'The first one, unless named' })),
});

export const Problem: TSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String({ description: 'Ours, such as ERR_KIS_API' }),
    kisCode: Type.Optional(Type.String({ description: "KIS's msg_cd or error_code" })),
    trId: Type.Optional(Type.String()),
    retryAfterMs: Type.Optional(Type.Integer()),
  },
  { description: 'RFC 9457' },
);

/** What a route may answer: what it is for, as JSON or as `content` of another type, or a problem. */
export function answers(good: object): { readonly 200: object; readonly '4xx': object; readonly '5xx': object } {
  const problem = { content: { 'application/problem+json': { schema: Problem } } };
  return { 200: good, '4xx': problem, '5xx': problem };
}
