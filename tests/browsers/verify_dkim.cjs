// Verifies the signatures of mails, which come as JSON on standard input: {records, mails}, records
// being the TXT records of DNS by name, mails being base64. Prints, for each mail, each signature's
// result, its algorithm and the headers that it covers.
const { dkimVerify } = require('mailauth/lib/dkim/verify');

async function main() {
  let text = '';
  for await (const piece of process.stdin) text += piece;
  const { records, mails } = JSON.parse(text);
  const resolver = async (name) => {
    if (records[name]) return [[records[name]]];
    throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
  };
  const found = [];
  for (const mail of mails) {
    const { results } = await dkimVerify(Buffer.from(mail, 'base64'), { resolver });
    found.push(
      results.map((one) => ({
        result: one.status.result,
        algorithm: one.algo,
        covers: one.signingHeaders && one.signingHeaders.keys,
      })),
    );
  }
  process.stdout.write(JSON.stringify(found));
}

main();
