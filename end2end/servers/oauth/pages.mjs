// The pages that a mailbox owner sees at the provider: sign in, consent, device code, done, error.
// No script: they must work for tests with JavaScript switched off.

const escape = (text) => String(text ?? '').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

export function page(brand, title, body) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} - ${escape(brand.name)} (test)</title>
<style>
:root { color-scheme: light dark; --brand: light-dark(${brand.colour}, #8ec5d6); --on-brand: light-dark(#fff, #10222b); --line: light-dark(#d4d8dd, #3c434b); }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 16px;
  font: 15px/1.5 system-ui, sans-serif; background: light-dark(#f1f3f5, #14171a); color: light-dark(#1c2024, #e8eaed); }
main { width: 100%; max-width: 420px; padding: 32px; background: light-dark(#fff, #1e2226); border: 1px solid var(--line); border-radius: 12px; }
.brand { margin: 0 0 4px; color: var(--brand); font-weight: 600; }
h1 { margin: 0 0 16px; font-size: 22px; line-height: 1.3; }
label { display: block; margin: 16px 0 4px; font-weight: 500; }
input:not([type=checkbox]) { width: 100%; height: 44px; padding: 0 12px; font: inherit; color: inherit; background: transparent; border: 1px solid light-dark(#7b838c, #868e97); border-radius: 6px; }
fieldset { margin: 16px 0 0; padding: 0; border: 0; }
fieldset label { display: flex; gap: 12px; margin: 0; padding: 10px 0; font-weight: 400; border-bottom: 1px solid var(--line); }
fieldset input { width: 20px; height: 20px; flex: none; accent-color: var(--brand); }
.row { display: flex; justify-content: flex-end; gap: 12px; margin-top: 24px; }
button { height: 40px; padding: 0 20px; font: inherit; font-weight: 600; border-radius: 6px; border: 1px solid light-dark(#7b838c, #868e97); background: transparent; color: inherit; cursor: pointer; }
button.main { background: var(--brand); border-color: var(--brand); color: var(--on-brand); }
:focus-visible { outline: 2px solid var(--brand); outline-offset: 2px; }
.wrong { margin: 16px 0 0; color: light-dark(#a8161b, #ff9a94); font-weight: 500; }
.note { margin: 24px 0 0; font-size: 13px; color: light-dark(#5a626b, #a3abb4); }
code { font-size: 18px; letter-spacing: 2px; }
</style>
</head>
<body>
<main>
<p class="brand">${escape(brand.name)} (test)</p>
<h1>${escape(title)}</h1>
${body}
<p class="note">This server plays ${escape(brand.name)} in tests and demonstrations. Nothing here leaves this machine.</p>
</main>
</body>
</html>`;
}

export function signInPage(brand, { action, address, wrong }) {
  return page(brand, 'Sign in', `<form method="post" action="${escape(action)}">
<label for="address">E-mail address</label>
<input id="address" name="address" type="email" autocomplete="username" required value="${escape(address)}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
${wrong ? '<p class="wrong" role="alert">Wrong e-mail address or password.</p>' : ''}
<div class="row"><button name="decision" value="deny" formnovalidate>Cancel</button><button class="main" name="decision" value="sign-in">Sign in</button></div>
</form>`);
}

export function consentPage(brand, { action, client, address, scopes }) {
  const boxes = scopes.map((scope, index) => `<label for="scope-${index}"><input type="checkbox" id="scope-${index}" name="scope" value="${escape(scope)}" checked> ${escape(brand.scopeWords[scope] ?? scope)}</label>`);
  return page(brand, `${client} wants to access your ${brand.name} account`, `<p>${escape(address)}</p>
<form method="post" action="${escape(action)}">
<fieldset><legend>Select what ${escape(client)} may do</legend>
${boxes.join('\n')}
</fieldset>
<div class="row"><button name="decision" value="deny">Deny</button><button class="main" name="decision" value="allow">Allow</button></div>
</form>`);
}

export function deviceCodePage(brand, form, wrong) {
  const labelled = form.replace('<input\n', '<label for="code">Code</label><input id="code"\n')
    .replace(/placeholder="Enter code" onfocus="[^"]*" autofocus/, 'required')
    .replace('</form>', '<div class="row"><button class="main">Next</button></div></form>');
  return page(brand, 'Enter the code shown by the application', `${wrong ? `<p class="wrong" role="alert">${escape(wrong)}</p>` : ''}${labelled}`);
}

export function deviceConfirmPage(brand, form, client, code) {
  return page(brand, `Connect ${client}?`, `<p>Continue only if ${escape(client)} shows this code:</p><p><code>${escape(code)}</code></p>
${form.replace('</form>', '<div class="row"><button name="abort" value="yes">Cancel</button><button class="main">Continue</button></div></form>')}`);
}

export const donePage = (brand) => page(brand, 'Done', '<p>You have signed in. You can close this page and go back to the application.</p>');

export const errorPage = (brand, { error, error_description: text }) => page(brand, 'This request cannot be served', `<p><strong>${escape(error)}</strong></p><p>${escape(text)}</p>`);
