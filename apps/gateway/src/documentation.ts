import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

/** Makes an OpenAPI document of the schemas of all routes that are added to `app` from now on. */
export async function describeRoutes(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'KIS gateway',
        version: '1',
        description:
          "Market data of KIS on one token and one rate budget. Beside these routes stand KIS's own, for existing clients: " +
          '`/oauth2/tokenP`, `/oauth2/Approval`, `/oauth2/revokeP` and everything below `/uapi`.',
      },
      components: {
        securitySchemes: {
          key: { type: 'apiKey', in: 'header', name: 'x-api-key' },
          bearer: { type: 'http', scheme: 'bearer' },
        },
      },
      security: [{}, { key: [] }, { bearer: [] }],
    },
  });
}

/** `/docs`: that document, and a page of it. All of it comes from here, nothing from other hosts. */
export async function documentation(app: FastifyInstance): Promise<void> {
  await app.register(swaggerUi, { routePrefix: '/docs', logLevel: 'silent' });
}
