// Asks a passkey: what it is asked stands in the form's data attributes, what it answers goes into the form and is posted.
// Without this script, or in a browser without passkeys, the form stays hidden and the page explains the other way.

const problems = {
  NotAllowedError: 'The passkey did not answer: it was cancelled, it took too long, or this device does not have it.',
  InvalidStateError: 'This device has a passkey for you already. Use another device to replace it.',
  SecurityError: 'The passkey belongs to another address. Open this service at its own address.',
};

function ask(form) {
  const options = JSON.parse(form.dataset.options);
  return form.dataset.passkey === 'create'
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

async function answer(form) {
  const problem = form.querySelector('[data-problem]');
  problem.hidden = true;
  try {
    form.elements.answer.value = JSON.stringify((await ask(form)).toJSON());
    form.submit();
  } catch (error) {
    problem.textContent = problems[error.name] ?? 'The passkey could not be asked.';
    problem.hidden = false;
    problem.focus();
  }
}

const able = typeof globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON === 'function';
for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!able) continue;
  form.hidden = false;
  for (const other of document.querySelectorAll('[data-without-passkey]')) other.hidden = true;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    answer(form);
  });
}
