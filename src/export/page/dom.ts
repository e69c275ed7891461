// What does the page's script use of a document?

export interface PageElement {
  textContent: string | null;
  value: string;
  disabled: boolean;
  hidden: boolean;
  readonly clientWidth: number;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  replaceChildren(...children: readonly (PageElement | string)[]): void;
  append(...children: readonly (PageElement | string)[]): void;
  addEventListener(name: string, listener: () => void): void;
}

export interface PageDocument {
  getElementById(id: string): PageElement | null;
  createElement(name: string): PageElement;
  createElementNS(space: string, name: string): PageElement;
}

declare const document: PageDocument;

type Attributes = Readonly<Record<string, string | number | undefined>>;
type Children = readonly (PageElement | string)[];

function fill(element: PageElement, attributes: Attributes, children: Children): PageElement {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/** An element; texts among its children are text, whatever is in them. */
export const html = (name: string, attributes: Attributes = {}, ...children: Children): PageElement =>
  fill(document.createElement(name), attributes, children);

export const svg = (name: string, attributes: Attributes = {}, ...children: Children): PageElement =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);

export const byId = (id: string): PageElement => document.getElementById(id) as PageElement;
