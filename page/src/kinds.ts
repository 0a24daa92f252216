/** Groups of event types, for colour: each has a colour of site.css, a sign that tells it apart without colour, and words. */

export interface KindGroup {
  /** The number in `--kind-N`. */
  readonly colour: number;
  readonly sign: string;
  readonly words: string;
}

/** The groups, in the order of charts and legends; a row of `kindOf` is a place in this list. */
export const KINDS: readonly KindGroup[] = [
  { colour: 1, sign: "●", words: "protest" },
  { colour: 2, sign: "▲", words: "violence" },
  { colour: 4, sign: "■", words: "coercion" },
  { colour: 5, sign: "◆", words: "hostile words" },
  { colour: 3, sign: "✚", words: "cooperation" },
  { colour: 6, sign: "▼", words: "giving way" },
  { colour: 0, sign: "○", words: "other" },
];

const GROUPS: Record<string, number> = {
  PROTEST: 0,
  ASSAULT: 1,
  COERCE: 2,
  SANCTION: 2,
  MOBILIZE: 2,
  THREATEN: 3,
  ACCUSE: 3,
  REJECT: 3,
  REQUEST: 3,
  AGREE: 4,
  CONSULT: 4,
  SUPPORT: 4,
  COOPERATE: 4,
  AID: 4,
  CONCEDE: 5,
  RETREAT: 5,
};

/** The group of a type (PLOVER's name): its place in `KINDS`; a type of no group: the last. */
export function kindOf(type: string): number {
  return GROUPS[type] ?? KINDS.length - 1;
}

/** The colour of a group as a CSS value. */
export function colourOf(kind: number): string {
  return `var(--kind-${KINDS[kind]?.colour ?? 0})`;
}
