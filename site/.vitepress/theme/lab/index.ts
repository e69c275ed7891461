// Which components do the pages of the lab use?
import { type App, type Component, defineAsyncComponent } from "vue";
import "./shared/colours.css";

const pages: Record<string, () => Promise<{ default: Component }>> = {
  LabFixedPoint: () => import("./fixed-point/FixedPoint.vue"),
  LabFractional: () => import("./fractional/Fractional.vue"),
  LabTraining: () => import("./training/Training.vue"),
  LabDigits: () => import("./digits/Digits.vue"),
  LabTape: () => import("./tape/Tape.vue"),
};

/** Each is loaded when its page is opened. */
export function registerLab(app: App): void {
  for (const [name, load] of Object.entries(pages)) app.component(name, defineAsyncComponent(load));
}
