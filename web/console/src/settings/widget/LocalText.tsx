import { Textarea, TextInput } from "@mantine/core";
import { said, type Texts } from "./fields";

interface LocalTextProps {
  label: string;
  description?: string;
  texts: Texts;
  locales: readonly string[];
  change: (texts: Texts) => void;
  most: number;
  error?: string | undefined;
  placeholder?: (locale: string) => string;
  /** Whether it may have several lines. */
  tall?: boolean;
}

/** The same words in each language that the site offers, and in those that they have been said in before. */
export function LocalText(props: LocalTextProps) {
  const { label, description, texts, locales, change, most, error, placeholder, tall } = props;
  const shown = [...locales, ...Object.keys(said(texts)).filter((locale) => !locales.includes(locale))];
  return shown.map((locale, at) => {
    const given = {
      label: shown.length > 1 ? `${label} (${locale})` : label,
      description: at === 0 ? description : undefined,
      error: at === 0 ? error : undefined,
      placeholder: placeholder?.(locale),
      maxLength: most,
      lang: locale,
      dir: "auto",
      value: texts[locale] ?? "",
      onChange: (event: { currentTarget: { value: string } }) =>
        change({ ...texts, [locale]: event.currentTarget.value }),
    } as const;
    return tall ? <Textarea key={locale} autosize minRows={1} {...given} /> : <TextInput key={locale} {...given} />;
  });
}
