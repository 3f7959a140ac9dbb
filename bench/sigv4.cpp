// Signatures of one request, one after the other: hearth's signer, or the hashing alone.
//
//   bench_sigv4 floor|raw|hearth BODY_SIZE SECONDS
//
// floor: OpenSSL's EVP, its algorithms fetched once, the day's key kept. raw: the same hashing by
// the calls that hearth makes. Prints signatures per second of processor time, and the signature.
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <iostream>
#include <memory>
#include <string>

#include "hearth/sigv4.hpp"
#include "sigv4/canonical_request.hpp"
#include "sigv4/scope.hpp"
#include "sigv4/signing.hpp"
#include "sigv4/workspace.hpp"

namespace {

namespace sigv4 = hearth::sigv4;
using Octets = std::array<unsigned char, 32>;

const std::string token(400, 't');
const sigv4::Keys keys{.id = "AKIDEXAMPLE",
                       .secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                       .session_token = token};
const sigv4::Service service{.name = "dynamodb", .region = "us-east-1"};
const std::chrono::sys_seconds moment{std::chrono::seconds(1'440'938'160)};
const std::array<sigv4::HeaderView, 2> headers{{{"Content-Type", "application/x-amz-json-1.0"},
                                                {"X-Amz-Target", "DynamoDB_20120810.GetItem"}}};

sigv4::Request request_with(const std::string& body) {
    return {.method = "POST",
            .host = "dynamodb.us-east-1.amazonaws.com",
            .path = "/",
            .query = {},
            .headers = headers,
            .body = body,
            .payload_hash = {}};
}

std::string canonical_text(const std::string& body) {
    sigv4::Workspace memory;
    const auto request = request_with(body);
    const auto hash = sigv4::hexadecimal(sigv4::Sha256::of(body));
    const std::array<sigv4::HeaderView, 3> made{{{"host", request.host},
                                                 {"x-amz-date", "20150830T123600Z"},
                                                 {"x-amz-security-token", token}}};
    const auto all = sigv4::headers_to_sign(request, made, {}, memory);
    const sigv4::SignedHeaders to_sign(all, memory);
    sigv4::CanonicalQuery query(memory);
    sigv4::TextWriter writer;
    sigv4::CanonicalRequest{.request = request,
                            .path = service.path,
                            .query = query,
                            .headers = to_sign,
                            .payload_hash = hash.view()}
        .append_to(writer, memory);
    return writer.finish();
}

class EvpHashing {
  public:
    explicit EvpHashing(const sigv4::Digest& key) {
        std::string name = "SHA256";
        const std::array parameters{
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
            OSSL_PARAM_construct_end()};
        EVP_MAC_init(mac_, key.data(), key.size(), parameters.data());
        EVP_DigestInit_ex2(context_, sha256_, nullptr);
    }
    Octets hash(std::string_view text) {
        Octets octets;
        EVP_DigestInit_ex2(context_, nullptr, nullptr);
        EVP_DigestUpdate(context_, text.data(), text.size());
        EVP_DigestFinal_ex(context_, octets.data(), nullptr);
        return octets;
    }
    Octets mac(std::string_view text) {
        Octets octets;
        std::size_t size = 0;
        EVP_MAC_init(mac_, nullptr, 0, nullptr);
        EVP_MAC_update(mac_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
        EVP_MAC_final(mac_, octets.data(), &size, octets.size());
        return octets;
    }

  private:
    // The process ends before any of these would have to be released.
    EVP_MD* sha256_ = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    EVP_MD_CTX* context_ = EVP_MD_CTX_new();
    EVP_MAC_CTX* mac_ = EVP_MAC_CTX_new(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
};

std::string signature_text(const sigv4::Digest& digest) {
    return std::string(sigv4::hexadecimal(digest).view());
}

// What has to be hashed for one signature, and nothing done to get there.
std::function<std::string()> hashing(std::string_view way, const std::string& body) {
    const auto canonical = canonical_text(body);
    const auto text = std::string(sigv4::Scope::of(keys, service, moment)
                                      ->string_to_sign(sigv4::Sha256::of(canonical))
                                      .view());
    const auto key = sigv4::signing_key(keys, service, "20150830");
    if (way == "raw")
        return [body, canonical, text, kept = sigv4::HmacKey(key)] {
            const auto first = sigv4::Sha256::of(body);
            const auto second = sigv4::Sha256::of(canonical);
            asm volatile("" : : "m"(first), "m"(second));
            return signature_text(kept.of(text));
        };
    return [body, canonical, text, evp = std::make_shared<EvpHashing>(key)] {
        const auto first = evp->hash(body);
        const auto second = evp->hash(canonical);
        asm volatile("" : : "m"(first), "m"(second));
        return signature_text(evp->mac(text));
    };
}

std::function<std::string()> signing(const std::string& body) {
    return [body, signer = std::make_shared<sigv4::Signer>()] {
        const auto done = signer->sign(request_with(body), keys, service, moment);
        return std::string(done->signature.view());
    };
}

// Of this process alone: others may be busy.
double spent() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

int main(int count, char** words) {
    if (count != 4) return 2;
    const std::string_view way = words[1];
    const std::string body(std::strtoul(words[2], nullptr, 10), 'b');
    const double wanted = std::strtod(words[3], nullptr);
    const auto once = way == "hearth" ? signing(body) : hashing(way, body);
    std::string signature = once();
    const int batch = body.size() > 100'000 ? 4 : 500;
    long turns = 0;
    const double start = spent();
    while (spent() - start < wanted) {
        for (int i = 0; i < batch; ++i) signature = once();
        turns += batch;
    }
    std::cout << static_cast<double>(turns) / (spent() - start) << ' ' << signature << '\n';
    return 0;
}
