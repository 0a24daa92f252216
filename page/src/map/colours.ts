/** Colours of the map, which the sheet has in light and dark (map.css, site.css). */
import { KINDS } from "../kinds";

export interface Colours {
  readonly sea: string;
  readonly land: string;
  readonly coast: string;
  readonly border: string;
  readonly card: string;
  readonly ink: string;
  readonly soft: string;
  readonly accent: string;
  /** By number of group (`kinds.KINDS`). */
  readonly kinds: readonly string[];
  readonly font: string;
}

export function coloursOf(host: HTMLElement): Colours {
  const style = getComputedStyle(host);
  const value = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    sea: value("sea"),
    land: value("land"),
    coast: value("coast"),
    border: value("border"),
    card: value("card"),
    ink: value("ink"),
    soft: value("soft"),
    accent: value("accent"),
    kinds: KINDS.map(({ colour }) => value(`kind-${colour}`)),
    font: value("sans"),
  };
}

/** Calls back whenever the page turns light or dark; gives what ends that. */
export function onTheme(turned: () => void): () => void {
  const watching = new MutationObserver(turned);
  watching.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", turned);
  return () => {
    watching.disconnect();
    scheme.removeEventListener("change", turned);
  };
}
