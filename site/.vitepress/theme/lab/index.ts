// Which components do the pages of the lab have?
import { type App, defineAsyncComponent } from "vue";
import "./shared/colours.css";

/** Each is loaded when its page is opened. */
export function registerLab(app: App): void {
  app.component(
    "LabTraining",
    defineAsyncComponent(() => import("./training/Training.vue")),
  );
  app.component(
    "LabDigits",
    defineAsyncComponent(() => import("./digits/Digits.vue")),
  );
}
