/**
 * Shapes: a small subset of JSON Schema, written as plain data. From one shape come the TypeScript type
 * (`Shaped`), the check at run time (`checkOf`) and the published JSON Schema, so the three cannot drift apart.
 */

/** What a JSON value must look like. Keywords mean what JSON Schema 2020-12 says they mean. */
export type Shape =
  | { readonly type: 'string'; readonly maxLength?: number; readonly pattern?: string }
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

/**
 * Says where a value that `JSON.parse` returned does not fit: `''` when the value itself does not, `.sdp` or
 * `[3].sdpMid` when something in it does not, undefined when all fits.
 */
export type Check = (value: unknown) => string | undefined;

/** Makes the check of a shape. Made once and used often: a check takes half as long as `JSON.parse` took, or less. */
export function checkOf(shape: Shape): Check {
  switch (shape.type) {
    case 'string':
      return 'enum' in shape ? (value) => verdict(shape.enum.includes(value as string)) : checkOfText(shape);
    case 'integer': {
      const { minimum, maximum } = shape;
      return (value) => verdict(Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum);
    }
    case 'boolean':
      return (value) => verdict(typeof value === 'boolean');
    case 'array':
      return checkOfItems(checkOf(shape.items), shape.maxItems);
    case 'object':
      return checkOfFields(shape);
  }
}

/** One object shape with the fields of all. */
export function joined(...shapes: readonly ObjectShape[]): ObjectShape {
  return {
    type: 'object',
    properties: Object.assign({}, ...shapes.map((shape) => shape.properties)) as ObjectShape['properties'],
    required: shapes.flatMap((shape) => shape.required),
  };
}

const verdict = (fits: boolean): '' | undefined => (fits ? undefined : '');

function checkOfText({ maxLength = Infinity, pattern = '' }: { readonly maxLength?: number; readonly pattern?: string }): Check {
  const regExp = pattern && new RegExp(pattern, 'u');
  return (value) =>
    verdict(typeof value === 'string' && (value.length <= maxLength || codePoints(value) <= maxLength) && (!regExp || regExp.test(value)));
}

/** The length of a text as JSON Schema counts it: an emoji of two UTF-16 units is one. */
function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function checkOfItems(check: Check, maxItems: number): Check {
  return (value) => {
    if (!Array.isArray(value) || value.length > maxItems) return '';
    for (let i = 0; i < value.length; i++) {
      const wrong = check(value[i]);
      if (wrong !== undefined) return `[${i}]${wrong}`;
    }
    return undefined;
  };
}

function checkOfFields({ properties, required }: ObjectShape): Check {
  const fields = Object.entries(properties).map(([name, shape]) => ({ name, check: checkOf(shape), needed: required.includes(name) }));
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
    for (const { name, check, needed } of fields) {
      // JSON has no undefined and no shape names a field that every object inherits, so this tells what is missing.
      const field = (value as Record<string, unknown>)[name];
      const wrong = field === undefined ? verdict(!needed) : check(field);
      if (wrong !== undefined) return `.${name}${wrong}`;
    }
    return undefined;
  };
}
