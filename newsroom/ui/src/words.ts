// Every word of the interface comes from a catalogue; a language is a file.
import { en } from './words.en'
import { hi } from './words.hi'


export type Plural = { [form in Intl.LDMLPluralRule]?: string } & { other: string }
export type Catalogue = { [K in keyof typeof en]: typeof en[K] extends string ? string : Plural }
export type Key = { [K in keyof Catalogue]: Catalogue[K] extends string ? K : never }[keyof Catalogue]
export type PluralKey = Exclude<keyof Catalogue, Key>
type Values = Record<string, string | number>

const catalogues: Record<string, Catalogue> = { en, hi }

function choose(): string {
  for (const tag of navigator.languages) {
    const base = tag.split('-')[0]!
    if (base in catalogues) return base
  }
  return 'en'
}

export const language = choose()
/** The locale of dates and numbers: days before months, 24 hours, European digits. */
export const locale = language === 'en' ? 'en-GB' : language + '-IN-u-nu-latn'
const words = catalogues[language]!
const rules = new Intl.PluralRules(locale)
const numbers = new Intl.NumberFormat(locale)

const fill = (s: string, values: Values): string => s.replace(/\{(\w+)\}/g, (whole, name: string) => {
  const v = values[name]
  return v === undefined ? whole : typeof v === 'number' ? numbers.format(v) : v
})

/** The words under a key, with values in the places that it names. */
export const t = (key: Key, values: Values = {}): string => fill(words[key] as string, values)

/** The words under a key in the form that a number asks for; the number stands at {n}. */
export function count(key: PluralKey, n: number, values: Values = {}): string {
  const forms = words[key] as Plural
  return fill(forms[rules.select(n)] ?? forms.other, { n, ...values })
}

/** A key made of two parts, for words that belong to a state, a kind or a field; the part itself where there is none. */
export function of(prefix: string, part: string, values: Values = {}): string {
  const s = (words as unknown as Record<string, string>)[prefix + '_' + part.replaceAll(/[.-]/g, '_')]
  return s === undefined ? part : fill(s, values)
}

export const number = (n: number): string => numbers.format(n)
