/**
 * Shapes: a small subset of JSON Schema, written as plain data. From one shape come the TypeScript type
 * (`Shaped`), the check at run time (`misfit`) and the published JSON Schema, so the three cannot drift apart.
 */

/** What a JSON value must look like. Keywords mean what JSON Schema 2020-12 says they mean. */
export type Shape =
  | { readonly type: 'string'; readonly minLength?: number; readonly maxLength?: number; readonly pattern?: string }
  | { readonly type: 'string'; readonly enum: readonly string[] }
  | { readonly type: 'integer'; readonly minimum: number; readonly maximum: number }
  | { readonly type: 'boolean' }
  | { readonly type: 'array'; readonly items: Shape; readonly maxItems: number }
  | ObjectShape;

/** A shape for objects. Fields that are not listed are allowed and ignored, so that newer clients can add some. */
export interface ObjectShape {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
}

/** The TypeScript type of the values that fit a shape. */
export type Shaped<S> = S extends { enum: readonly (infer Word)[] }
  ? Word
  : S extends { type: 'string' }
    ? string
    : S extends { type: 'integer' }
      ? number
      : S extends { type: 'boolean' }
        ? boolean
        : S extends { type: 'array'; items: infer Item }
          ? readonly Shaped<Item>[]
          : S extends { type: 'object'; properties: infer Fields; required: readonly (infer Required)[] }
            ? Flat<
                { readonly [K in keyof Fields as K extends Required ? K : never]: Shaped<Fields[K]> } & {
                  readonly [K in keyof Fields as K extends Required ? never : K]?: Shaped<Fields[K]>;
                }
              >
            : never;

type Flat<T> = { [K in keyof T]: T[K] };

const patterns = new Map<string, RegExp>();

function matches(pattern: string, text: string): boolean {
  let compiled = patterns.get(pattern);
  if (!compiled) patterns.set(pattern, (compiled = new RegExp(pattern, 'u')));
  return compiled.test(text);
}

/**
 * Says where a value does not fit a shape.
 *
 * @param value any value that `JSON.parse` can return
 * @param path the name of the value, the start of the answer
 * @returns the path of the first field that does not fit (`candidates[3].sdpMid`), or undefined when all fits
 */
export function misfit(value: unknown, shape: Shape, path = ''): string | undefined {
  switch (shape.type) {
    case 'string':
      if (typeof value !== 'string') return path;
      if ('enum' in shape) return shape.enum.includes(value) ? undefined : path;
      return fitsText(value, shape) ? undefined : path;
    case 'integer':
      return Number.isSafeInteger(value) && (value as number) >= shape.minimum && (value as number) <= shape.maximum
        ? undefined
        : path;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : path;
    case 'array':
      if (!Array.isArray(value) || value.length > shape.maxItems) return path;
      for (let i = 0; i < value.length; i++) {
        const wrong = misfit(value[i], shape.items, `${path}[${i}]`);
        if (wrong !== undefined) return wrong;
      }
      return undefined;
    case 'object':
      return misfitFields(value, shape, path);
  }
}

function fitsText(text: string, { minLength = 0, maxLength, pattern }: { minLength?: number; maxLength?: number; pattern?: string }): boolean {
  if (text.length < minLength) return false;
  // JSON Schema counts code points; counting them is only needed where the quick count is too large.
  if (maxLength !== undefined && text.length > maxLength && (text.length > maxLength * 2 || [...text].length > maxLength)) return false;
  return pattern === undefined || matches(pattern, text);
}

function misfitFields(value: unknown, shape: ObjectShape, path: string): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return path;
  const prefix = path && `${path}.`;
  for (const name of shape.required) if (!Object.hasOwn(value, name)) return prefix + name;
  for (const name in shape.properties) {
    if (!Object.hasOwn(value, name)) continue;
    const wrong = misfit((value as Record<string, unknown>)[name], shape.properties[name]!, prefix + name);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
