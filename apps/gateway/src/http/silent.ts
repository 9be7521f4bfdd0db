import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Connections on which nothing was ever asked. Node takes them for busy, as their first question may be on its way. */
export interface Silent {
  hangUp(): void;
}

export function watchSilent(server: Server): Silent {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return {
    hangUp() {
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    },
  };
}
