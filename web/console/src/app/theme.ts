import {
  createTheme,
  type CSSVariablesResolver,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from "@mantine/core";

/** The shared tokens speak for light and dark alike, so one tuple of the same variable will do. */
const accent: MantineColorsTuple = [
  "var(--accent-soft)",
  "var(--accent-soft)",
  "var(--accent)",
  "var(--accent)",
  "var(--accent)",
  "var(--accent)",
  "var(--accent)",
  "var(--accent)",
  "var(--accent-strong)",
  "var(--accent-strong)",
];

const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  if (input.variant === "filled") {
    return { ...colors, background: "var(--accent)", hover: "var(--accent-strong)", color: "var(--accent-ink)" };
  }
  if (input.variant === "default") {
    return { ...colors, border: "1px solid var(--line-strong)", hover: "var(--surface-2)" };
  }
  return colors;
};

/** Mantine's greys in light, from the page to the text, as tokens. */
const gray: MantineColorsTuple = [
  "var(--surface-1)",
  "var(--surface-1)",
  "var(--surface-2)",
  "var(--line)",
  "var(--line-strong)",
  "var(--ink-3)",
  "var(--ink-3)",
  "var(--ink-2)",
  "var(--ink-2)",
  "var(--ink-1)",
];

/** Its greys in dark, from the text to the page. */
const dark: MantineColorsTuple = [
  "var(--ink-1)",
  "var(--ink-2)",
  "var(--ink-3)",
  "var(--ink-3)",
  "var(--line-strong)",
  "var(--surface-2)",
  "var(--surface-0)",
  "var(--surface-0)",
  "var(--surface-1)",
  "var(--surface-1)",
];

export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: 6,
  colors: { accent, gray, dark },
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--mono)",
  fontSizes: { xs: "12px", sm: "14px", md: "14px", lg: "16px", xl: "20px" },
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "20px", lineHeight: "1.3" },
      h2: { fontSize: "16px", lineHeight: "1.35" },
      h3: { fontSize: "14px", lineHeight: "1.4" },
    },
  },
  defaultRadius: "md",
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "12px", xl: "16px" },
  spacing: { xs: "4px", sm: "8px", md: "12px", lg: "16px", xl: "24px" },
  focusRing: "auto",
  respectReducedMotion: true,
  variantColorResolver,
  components: {
    Tooltip: { defaultProps: { openDelay: 350, withArrow: false, fz: 12 } },
    Button: { defaultProps: { size: "xs" } },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray" } },
    SegmentedControl: {
      styles: {
        root: { background: "var(--surface-2)" },
        indicator: { background: "var(--surface-0)" },
      },
    },
    // It shows a cross alone; those of dialogues and notifications are made of it, too.
    CloseButton: { defaultProps: { "aria-label": "Close" } },
    Skeleton: { defaultProps: { radius: "sm" } },
  },
});

export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    "--mantine-color-body": "var(--surface-0)",
    "--mantine-color-text": "var(--ink-1)",
    "--mantine-color-bright": "var(--ink-1)",
    "--mantine-color-dimmed": "var(--ink-3)",
    "--mantine-color-placeholder": "var(--ink-3)",
    "--mantine-color-anchor": "var(--accent)",
    "--mantine-color-error": "var(--bad)",
    "--mantine-color-default": "var(--surface-0)",
    "--mantine-color-default-hover": "var(--surface-2)",
    "--mantine-color-default-color": "var(--ink-1)",
    "--mantine-color-default-border": "var(--line-strong)",
    "--mantine-color-disabled": "var(--surface-2)",
    "--mantine-color-disabled-color": "var(--ink-3)",
    "--mantine-color-disabled-border": "var(--line)",
    "--mantine-primary-color-filled": "var(--accent)",
    "--mantine-primary-color-filled-hover": "var(--accent-strong)",
    "--mantine-primary-color-light": "var(--accent-soft)",
    "--mantine-primary-color-light-color": "var(--accent)",
    "--mantine-primary-color-contrast": "var(--accent-ink)",
    "--mantine-color-accent-filled": "var(--accent)",
    "--mantine-color-accent-light": "var(--accent-soft)",
    "--mantine-color-accent-light-color": "var(--accent)",
    "--mantine-color-accent-text": "var(--accent)",
    "--mantine-color-gray-light-hover": "var(--surface-2)",
    "--mantine-color-gray-light-color": "var(--ink-2)",
    "--mantine-color-gray-text": "var(--ink-2)",
  };
  return { variables: {}, light: shared, dark: shared };
};
