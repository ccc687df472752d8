/** A gateway as a process of its own, so that it can be killed: `gateway-main.ts <port> <emulator address> <API id>`. */
import { startGateway } from "../../../../local/gateway/start-gateway.ts";

const [port = "0", emulatorUrl = "", apiId = ""] = process.argv.slice(2);
const gateway = await startGateway({ port: Number(port), instanceId: "chaos", outputsFile: "outputs.json" });
gateway.open({ emulatorUrl, apiId, webSockets: { open: ({ socket }) => void socket.destroy() } });
console.log(gateway.url);
