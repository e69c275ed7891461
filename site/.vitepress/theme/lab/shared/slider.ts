// How do the settings of a page live in its address?
import { onMounted, watch } from "vue";

type Setting = number | string | boolean;

/** What an address says of the settings; what it does not say, or says wrongly, stays as it is. */
export function readSettings<S extends Record<string, Setting>>(hash: string, defaults: S): S {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  const settings: Record<string, Setting> = { ...defaults };
  for (const [name, value] of Object.entries(defaults)) {
    const text = said.get(name);
    if (text === null) continue;
    if (typeof value === "number")
      settings[name] = text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : value;
    else settings[name] = typeof value === "boolean" ? text === "true" : text;
  }
  return settings as S;
}

/** Only what differs from the defaults. */
export function writeSettings<S extends Record<string, Setting>>(settings: S, defaults: S): string {
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(settings)) if (value !== defaults[name]) said.set(name, String(value));
  return said.size > 0 ? `#${said}` : "";
}

/** Keeps a reactive object and the hash of the page alike; `repair` is for what the address says and cannot be. */
export function useSettings<S extends Record<string, Setting>>(settings: S, repair: () => void = () => {}): void {
  const defaults = { ...settings };
  onMounted(() => {
    Object.assign(settings, readSettings(location.hash, defaults));
    repair();
    watch(settings, () => {
      history.replaceState(
        history.state,
        "",
        `${location.pathname}${location.search}${writeSettings(settings, defaults)}`,
      );
    });
  });
}
