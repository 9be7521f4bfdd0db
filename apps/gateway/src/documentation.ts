import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

/**
 * `/docs`: an OpenAPI document of the schemas of all routes that are added to `app` from now on, and a page of it. All of
 * it comes from here, nothing from other hosts. It needs no key, which a browser that follows a link cannot send: it is the
 * same for every gateway, whatever that is set to.
 */
export async function documentation(app: FastifyInstance): Promise<void> {
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
  await app.register(swaggerUi, { routePrefix: '/docs', logLevel: 'silent' });
}
