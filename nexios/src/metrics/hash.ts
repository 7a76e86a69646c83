/**
 * A hash of 53 bits, the same on each process: two lanes of 32 bits over the text's UTF-16 units, mixed at the end. The steps are MurmurHash3's (Austin Appleby,
 * 2011, public domain), the second lane with other constants. Whoever chooses the texts can find two with one hash: nothing but a count may depend on it.
 */
export function hash53(text: string): number {
  let a = 0x9747b28c;
  let b = 0x3c6ef372;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    a = Math.imul(rotate(a ^ Math.imul(rotate(Math.imul(unit + 1, 0xcc9e2d51), 15), 0x1b873593), 13), 5) + 0xe6546b64;
    b = Math.imul(rotate(b ^ Math.imul(rotate(Math.imul(unit + 1, 0x239b961b), 17), 0xab0e9789), 15), 5) + 0x561ccd1b;
  }
  a ^= text.length;
  b ^= text.length;
  a = (a + b) | 0;
  b = (b + a) | 0;
  a = finish(a);
  b = finish(b);
  return (a >>> 0) * 2 ** 21 + ((a + b) >>> 11);
}

function rotate(bits: number, by: number): number {
  return (bits << by) | (bits >>> (32 - by));
}

/** The avalanche of MurmurHash3: each bit of the result depends on each of the input. */
function finish(bits: number): number {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
