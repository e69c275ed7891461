// Have bytes changed since they were written?

/**
 * The cyclic redundancy check of bytes with the polynomial of Ethernet and zip: any change of up to 32 neighbouring bits
 * changes it.
 *
 * @source ISO 3309 (1979), section 3.3; the reflected form, half a byte at a time
 */
export function crc32(bytes: Uint8Array): number {
  const table = Int32Array.from({ length: 16 }, (_, i) => {
    let c = i;
    for (let bit = 0; bit < 4; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c;
  });
  let crc = -1;
  for (let i = 0; i < bytes.length; i++) {
    crc ^= bytes[i];
    crc = (crc >>> 4) ^ table[crc & 15];
    crc = (crc >>> 4) ^ table[crc & 15];
  }
  return ~crc >>> 0;
}
