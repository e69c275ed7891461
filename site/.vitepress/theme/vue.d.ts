// What is a component of Vue to the compiler of TypeScript?
declare module "*.vue" {
  import type { DefineComponent } from "vue";

  const component: DefineComponent;
  export default component;
}
