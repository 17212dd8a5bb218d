// A real provider of log-ins (OpenID Connect) for the tests: any name and password is somebody.
// Arguments: the address to come back to, and a port (0: a free one). Prints its port once it answers.
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const server = createServer();
server.listen(Number(process.argv[3] ?? 0), "127.0.0.1", () => {
  const port = server.address().port;
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [
      {
        client_id: "varsel",
        client_secret: "hemmelig",
        redirect_uris: [process.argv[2]],
        token_endpoint_auth_method: "client_secret_basic",
      },
    ],
    pkce: { required: () => true },
  });
  server.on("request", provider.callback());
  console.log(`port ${port}`);
});
