// How do float64 numbers stand in a page, bit for bit?

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The numbers as bytes, little endian, whatever the machine. */
export function bytesOf(numbers: readonly Float64Array[]): Uint8Array {
  const bytes = new Uint8Array(8 * numbers.reduce((sum, { length }) => sum + length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of numbers) for (let i = 0; i < part.length; i++, at += 8) view.setFloat64(at, part[i], true);
  return bytes;
}

/** The numbers that stand in bytes. */
export function numbersIn(bytes: Uint8Array): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length: bytes.length >> 3 }, (_, i) => view.getFloat64(8 * i, true));
}

/** @source Josefsson (2006), RFC 4648, section 4 */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const digits = [18, 12, 6, 0].map((shift) => letters[(group >> shift) & 63]);
    parts.push(
      digits
        .slice(0, Math.min(3, bytes.length - i) + 1)
        .join("")
        .padEnd(4, "="),
    );
  }
  return parts.join("");
}

/** Characters that are no digits of base64 are passed over: a checksum of the bytes tells whether any was lost. */
export function fromBase64(text: string): Uint8Array {
  const digits = [...text].map((letter) => letters.indexOf(letter)).filter((digit) => digit >= 0);
  return Uint8Array.from({ length: Math.floor((6 * digits.length) / 8) }, (_, i) => {
    const at = Math.floor((8 * i) / 6);
    const used = (8 * i) % 6;
    return ((digits[at] << 6) | digits[at + 1]) >> (4 - used);
  });
}
