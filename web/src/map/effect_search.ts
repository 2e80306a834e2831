/** Ranks effects for what was typed: every word must occur; names that begin with it come first. */
import type { EffectSummary } from '../shared/api_types.ts';

export function rank(effects: readonly EffectSummary[], query: string): EffectSummary[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...effects];
  const scored: { effect: EffectSummary; score: number }[] = [];
  for (const effect of effects) {
    const name = effect.name.toLowerCase();
    const rest = `${effect.vendor} ${effect.class} ${effect.format} ${effect.id}`.toLowerCase();
    let score = 0;
    for (const word of words) {
      const at = name.indexOf(word);
      if (at === 0) score += 4;
      else if (at > 0) score += /[\s\-_(]/.test(name[at - 1]!) ? 3 : 2;
      else if (rest.includes(word)) score += 1;
      else { score = -1; break; }
    }
    if (score >= 0) scored.push({ effect, score });
  }
  return scored.sort((a, b) => b.score - a.score || a.effect.name.localeCompare(b.effect.name)).map(({ effect }) => effect);
}
