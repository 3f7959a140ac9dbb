// The same as bench_sigv4, by npm @smithy/signature-v4 with node's own hash: sigv4.mjs BODY_SIZE SECONDS
import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';

class Sha256 {
    constructor(secret) {
        this.hash = secret ? createHmac('sha256', secret) : createHash('sha256');
    }
    update(data) {
        this.hash.update(data);
    }
    async digest() {
        return new Uint8Array(this.hash.digest());
    }
}

const body = Buffer.alloc(Number(process.argv[2]), 'b');
const wanted = Number(process.argv[3]);
const signer = new SignatureV4({
    service: 'dynamodb',
    region: 'us-east-1',
    sha256: Sha256,
    applyChecksum: false,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', sessionToken: 't'.repeat(400) },
});
const request = () => ({
    method: 'POST',
    protocol: 'https:',
    hostname: 'dynamodb.us-east-1.amazonaws.com',
    path: '/',
    query: {},
    headers: {
        host: 'dynamodb.us-east-1.amazonaws.com',
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'DynamoDB_20120810.GetItem',
    },
    body,
});
const moment = new Date('2015-08-30T12:36:00Z');
let turns = 0;
let done;
const spent = () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6;
const start = spent();
while (spent() - start < wanted) {
    for (let i = 0; i < 4; ++i) done = await signer.sign(request(), { signingDate: moment });
    turns += 4;
}
console.log(turns / (spent() - start), done.headers.authorization.split('=').pop());
