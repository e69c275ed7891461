// Which components do the pages of the lab have?
import { type App, defineAsyncComponent } from "vue";
import "./shared/colours.css";

/** Each is loaded when its page is opened. */
export function registerLab(app: App): void {
  app.component(
    "LabFixedPoint",
    defineAsyncComponent(() => import("./fixed-point/FixedPoint.vue")),
  );
  app.component(
    "LabFractional",
    defineAsyncComponent(() => import("./fractional/Fractional.vue")),
  );
  app.component(
    "LabTape",
    defineAsyncComponent(() => import("./tape/Tape.vue")),
  );
}
