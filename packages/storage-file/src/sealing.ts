import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';

/** Encrypts what lies on the disk with the caller's key, by AES-256-GCM. */
export interface Sealing {
  /** `label`: what stands beside it in the clear, and cannot be changed without the key either. */
  seal(text: string, label: string): Sealed;
  /** Undefined: sealed with another key or under another label, or changed since. */
  open(sealed: Partial<Sealed>, label: string): string | undefined;
}

/** Base64 all of it. */
export interface Sealed {
  readonly iv: string;
  readonly tag: string;
  readonly data: string;
}

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** @throws TypeError where `encryptionKey` is not 32 bytes, or their base64 text. It never shows the value. */
export function createSealing(encryptionKey: Uint8Array | string): Sealing {
  const key = readKey(encryptionKey);

  return {
    seal(text, label) {
      // Never the same one twice under one key, which would give away both texts.
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(label));
      const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return { iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64'), data: data.toString('base64') };
    },
    open(sealed, label) {
      const [iv, tag, data] = [decode(sealed.iv), decode(sealed.tag), decode(sealed.data)];
      if (iv?.length !== IV_BYTES || tag?.length !== TAG_BYTES || data === undefined) return undefined;
      const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(label)).setAuthTag(tag);
      try {
        return Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
  };
}

function readKey(given: unknown): KeyObject {
  const bytes = typeof given === 'string' ? decode(given) : given;
  if (!(bytes instanceof Uint8Array) || bytes.length !== KEY_BYTES) {
    throw new TypeError(`storage-file: \`encryptionKey\` must be ${KEY_BYTES} bytes, or their base64 text`);
  }
  return createSecretKey(bytes);
}

/** Undefined for all but the one text that these bytes have: other decoders leave out what they do not know. */
function decode(text: unknown): Buffer | undefined {
  if (typeof text !== 'string') return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
