/** The sizes of all byte arrays that a function makes, views of memory that is there already left out. */
export function allocationsOf(run: () => unknown): readonly number[] {
  const sizes: number[] = [];
  const { Uint8Array: Bytes } = globalThis;
  const { slice } = Bytes.prototype;
  const { encode } = TextEncoder.prototype;
  const note = <Made extends Uint8Array>(made: Made): Made => {
    sizes.push(made.length);
    return made;
  };
  globalThis.Uint8Array = new Proxy(Bytes, {
    construct(target, given: readonly unknown[]) {
      const made = Reflect.construct(target, given) as Uint8Array;
      return given[0] instanceof ArrayBuffer ? made : note(made);
    },
  });
  Bytes.prototype.slice = function (this: Uint8Array<ArrayBuffer>, ...given) {
    return note(slice.apply(this, given));
  };
  TextEncoder.prototype.encode = function (...given) {
    return note(encode.apply(this, given));
  };
  try {
    run();
  } finally {
    globalThis.Uint8Array = Bytes;
    Bytes.prototype.slice = slice;
    TextEncoder.prototype.encode = encode;
  }
  return sizes;
}
