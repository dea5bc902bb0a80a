// Passkeys for the newsroom's door. Each form with data-passkey has a button that asks the browser for a passkey and then
// sends the form, with what the browser answered, as any form is sent. Without this file the password's form works.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

const named = (list) => (list ?? []).map((c) => ({ ...c, id: bytes(c.id) }))

// The options come as JSON, in which bytes are base64url.
function creation(o) {
  return { ...o, challenge: bytes(o.challenge), user: { ...o.user, id: bytes(o.user.id) }, excludeCredentials: named(o.excludeCredentials) }
}

function request(o) {
  return { ...o, challenge: bytes(o.challenge), allowCredentials: named(o.allowCredentials) }
}

function answer(credential) {
  const r = credential.response
  const response = { clientDataJSON: text(r.clientDataJSON) }
  if (r.attestationObject) {
    response.attestationObject = text(r.attestationObject)
    response.transports = r.getTransports?.() ?? []
  } else {
    response.authenticatorData = text(r.authenticatorData)
    response.signature = text(r.signature)
    if (r.userHandle) response.userHandle = text(r.userHandle)
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  })
}

// Fields of the form go with the question, so that what is wrong with them is said before the browser asks for a finger.
async function options(form) {
  const fields = Object.fromEntries([...new FormData(form)].filter(([name]) => name !== 'credential' && name !== 'held'))
  const answered = await fetch(form.dataset.options, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(fields),
  })
  const body = await answered.json()
  if (answered.ok) return body
  const said = [body.detail, ...(body.errors ?? []).map((e) => e.message)].filter(Boolean)
  throw new Error(said.join('. '))
}

async function ceremony(form) {
  const { options: asked, held } = await options(form)
  const credential = form.dataset.passkey === 'create'
    ? await navigator.credentials.create({ publicKey: creation(asked) })
    : await navigator.credentials.get({ publicKey: request(asked) })
  form.elements.held.value = held
  form.elements.credential.value = answer(credential)
  form.submit()
}

// What browsers say of a refusal is in their own words and often says nothing; the page brings its own.
function reason(form, error) {
  if (error instanceof DOMException) {
    if (error.name === 'InvalidStateError') return form.dataset.known
    if (error.name === 'SecurityError') return form.dataset.address
    return form.dataset.failed
  }
  return error.message || form.dataset.failed
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  const button = form.querySelector('[data-ask]')
  const said = form.querySelector('[data-said]')
  if (!window.PublicKeyCredential || !window.isSecureContext) {
    said.textContent = form.dataset.without
    said.hidden = false
    continue
  }
  button.disabled = false
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (button.disabled || !form.reportValidity()) return
    button.disabled = true
    said.hidden = true
    try {
      await ceremony(form)
    } catch (error) {
      said.textContent = reason(form, error)
      said.hidden = false
    }
    button.disabled = false
  })
}

// The address typed for a password serves the passkeys of keys that remember no account.
for (const box of document.querySelectorAll('[data-address-from]')) {
  const from = document.getElementById(box.dataset.addressFrom)
  from?.addEventListener('input', () => { box.value = from.value })
}
