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
  for (const field of form.querySelectorAll('[type=password]')) field.value = ''
  form.action = form.dataset.send
  form.submit()
}

// A new passkey needs the fields that say whose it is, and no password; signing in needs none.
const ready = (form) => form.dataset.passkey !== 'create' || [...form.elements].every((field) => field.type === 'password' || field.reportValidity())

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
  const say = (text) => {
    said.textContent = text
    said.hidden = !text
  }
  if (!window.PublicKeyCredential || !window.isSecureContext) {
    say(form.dataset.without)
    continue
  }
  const ask = async () => {
    if (button.disabled || !ready(form)) return
    button.disabled = true
    say('')
    try {
      await ceremony(form)
    } catch (error) {
      say(reason(form, error))
    }
    button.disabled = false
  }
  button.disabled = false
  button.addEventListener('click', ask)
  // A form that can be sent in no other way is sent by the Enter key in a field, too.
  if (!form.querySelector('button:not([type=button])')) {
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      ask()
    })
  }
}
