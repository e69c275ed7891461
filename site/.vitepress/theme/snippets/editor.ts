// How is a snippet edited in place?
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState, Prec, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, keymap, WidgetType } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Result } from "./messages.js";
import { fitsBeside, resultElement } from "./results.js";

class ResultWidget extends WidgetType {
  readonly result: Result;
  readonly room: number;
  constructor(result: Result, room: number) {
    super();
    this.result = result;
    this.room = room;
  }
  override eq(other: ResultWidget): boolean {
    return other.result === this.result && other.room === this.room;
  }
  toDOM(): HTMLElement {
    return resultElement(this.result, this.room);
  }
}

const setResults = StateEffect.define<DecorationSet>();
const results = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, { effects, changes }) {
    for (const effect of effects) if (effect.is(setResults)) return effect.value;
    return shown.map(changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** The colours of the blocks that are not edited. */
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operator], class: "c-keyword" },
  { tag: tags.derefOperator, class: "c-plain" },
  { tag: [tags.string, tags.special(tags.string)], class: "c-string" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], class: "c-constant" },
  { tag: tags.comment, class: "c-comment" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], class: "c-function" },
  { tag: [tags.typeName, tags.className], class: "c-function" },
]);

export interface Editor {
  show(results: readonly Result[]): void;
  focus(at?: { readonly x: number; readonly y: number }): void;
  destroy(): void;
}

/** Opens an editor in `parent`. Tab leaves it, as it leaves any other field. */
export function openEditor(
  parent: HTMLElement,
  text: string,
  label: string,
  events: { change(text: string): void; run(): void },
): Editor {
  const run = () => {
    events.run();
    return true;
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        Prec.highest(
          keymap.of([
            { key: "Mod-Enter", run },
            { key: "Ctrl-Enter", run },
          ]),
        ),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        history(),
        javascript({ typescript: true }),
        syntaxHighlighting(colours),
        results,
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", autocapitalize: "off" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) events.change(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    show(shown) {
      const { doc } = view.state;
      const columns = Math.floor((view.scrollDOM.clientWidth - 48) / view.defaultCharacterWidth);
      const decorations = shown.map((result) => {
        const line = doc.line(Math.min(Math.max(1, result.line ?? 1), doc.lines));
        const room = columns - line.length;
        const widget = new ResultWidget(result, room);
        return Decoration.widget({ widget, side: 1, block: !fitsBeside(result, room) }).range(line.to);
      });
      view.dispatch({ effects: setResults.of(Decoration.set(decorations, true)) });
    },
    focus(at) {
      const head = at === undefined ? null : view.posAtCoords(at);
      if (head !== null) view.dispatch({ selection: { anchor: head } });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}
