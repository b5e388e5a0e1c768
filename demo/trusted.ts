// Trusted Types (https://w3c.github.io/trusted-types/): the page's policy of contents lets nothing but this become a
// script, so that no text, wherever it came from, can.

/** What browsers without Trusted Types lack altogether. */
interface Policies {
  createPolicy(
    name: string,
    rules: { readonly createScriptURL: (address: string) => string },
  ): { createScriptURL(address: string): string };
}

/** An address of this page's own files, as one that scripts may come from. */
export function scriptAddress(address: string): string {
  const policies = (globalThis as { readonly trustedTypes?: Policies }).trustedTypes;
  const whole = new URL(address, import.meta.url);
  const rules = {
    createScriptURL(asked: string): string {
      if (new URL(asked).origin === location.origin) return asked;
      throw new TypeError(`${asked} is not a script of this page.`);
    },
  };
  return policies?.createPolicy('weft', rules).createScriptURL(whole.href) ?? whole.href;
}
