// Security keys (WebAuthn): a form with data-key="create" or "get" asks the browser for the key before it is sent.
// The options stand beside it as JSON with binary values in base64url; the answer goes back the same way.

type Json = Record<string, unknown>;
interface Described {
  id: string;
  type: PublicKeyCredentialType;
  transports?: AuthenticatorTransport[];
}

function toBytes(text: string): ArrayBuffer {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
}

function toText(bytes: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function described(list: unknown): PublicKeyCredentialDescriptor[] {
  return ((list ?? []) as Described[]).map((one) => ({ ...one, id: toBytes(one.id) }));
}

async function create(options: Json): Promise<PublicKeyCredential | null> {
  const user = options["user"] as Json;
  const publicKey = {
    ...options,
    challenge: toBytes(options["challenge"] as string),
    user: { ...user, id: toBytes(user["id"] as string) },
    excludeCredentials: described(options["excludeCredentials"]),
  } as unknown as PublicKeyCredentialCreationOptions;
  return (await navigator.credentials.create({ publicKey })) as PublicKeyCredential | null;
}

async function get(options: Json): Promise<PublicKeyCredential | null> {
  const publicKey = {
    ...options,
    challenge: toBytes(options["challenge"] as string),
    allowCredentials: described(options["allowCredentials"]),
  } as unknown as PublicKeyCredentialRequestOptions;
  return (await navigator.credentials.get({ publicKey })) as PublicKeyCredential | null;
}

function answered(credential: PublicKeyCredential): Json {
  const response = credential.response;
  const told: Json = { clientDataJSON: toText(response.clientDataJSON) };
  if (response instanceof AuthenticatorAttestationResponse) {
    told["attestationObject"] = toText(response.attestationObject);
    told["transports"] = response.getTransports();
  } else if (response instanceof AuthenticatorAssertionResponse) {
    told["authenticatorData"] = toText(response.authenticatorData);
    told["signature"] = toText(response.signature);
    told["userHandle"] = response.userHandle ? toText(response.userHandle) : null;
  }
  return {
    type: credential.type,
    id: credential.id,
    rawId: toText(credential.rawId),
    response: told,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

function tell(form: HTMLFormElement): void {
  const place = document.getElementById("alerts");
  if (!place) return;
  const line = document.createElement("p");
  line.className = "notice notice-error";
  line.setAttribute("role", "alert");
  line.textContent = form.dataset["keyFailed"] ?? "";
  place.replaceChildren(line);
}

async function ask(form: HTMLFormElement): Promise<void> {
  const told = form.querySelector<HTMLScriptElement>("#key-options")?.textContent ?? "{}";
  const options = (JSON.parse(told) as { publicKey: Json }).publicKey;
  const field = form.querySelector<HTMLInputElement>('input[name="credential"]');
  try {
    const credential = form.dataset["key"] === "create" ? await create(options) : await get(options);
    if (!credential || !field) throw new Error("no key");
    field.value = JSON.stringify(answered(credential));
    form.submit();
  } catch {
    tell(form); // refused, cancelled, or no key at hand: the officer may try again or use the application
  }
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-key]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void ask(form);
  });
}
