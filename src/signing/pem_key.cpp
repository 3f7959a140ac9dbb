#include <algorithm>
#include <array>
#include <vector>

#include "core/try.hpp"
#include "signing/der.hpp"
#include "signing/key.hpp"
#include "signing/key_material.hpp"
#include "signing/pem.hpp"

namespace hearth::signing {
namespace {

using namespace std::string_view_literals;

constexpr auto rsa_algorithm = "\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01"sv;  // 1.2.840.113549.1.1.1
constexpr auto ec_algorithm = "\x2A\x86\x48\xCE\x3D\x02\x01"sv;           // 1.2.840.10045.2.1
constexpr auto p256_curve = "\x2A\x86\x48\xCE\x3D\x03\x01\x07"sv;         // 1.2.840.10045.3.1.7
constexpr auto p384_curve = "\x2B\x81\x04\x00\x22"sv;                     // 1.3.132.0.34
// 16384 bits: OpenSSL's own limit; larger numbers only cost time.
constexpr std::size_t longest_number = 2048;

Error bad_key(std::string_view why, std::string_view hint) {
    return Error{Remedy::usage, "the private key " + std::string(why), std::string(hint)};
}
std::unexpected<Error> not_read() {
    return std::unexpected(
        bad_key("is in PEM, and what it holds is no key that can be read", "get it anew"));
}
std::unexpected<Error> unknown_kind() {
    return std::unexpected(bad_key("is of a kind that is not known here",
                                   "keys are RSA of 2048 bits or more, EC P-256 or EC P-384"));
}

OwnedNumber number_from(std::string_view octets) {
    return OwnedNumber(BN_bin2bn(reinterpret_cast<const unsigned char*>(octets.data()),
                                 static_cast<int>(octets.size()), BN_secure_new()));
}

struct Read {
    KeyKind kind = KeyKind::rsa;
    OwnedKey key;
};

// RFC 8017 appendix A.1.2.
Result<Read> pkcs1_key(std::string_view der) {
    DerReader outer(der);
    const auto content = outer.take(DerReader::sequence);
    if (!content) return not_read();
    DerReader reader(*content);
    const auto version = reader.take_number();
    std::array<OwnedNumber, 8> numbers;
    for (auto& number : numbers) {
        const auto octets = reader.take_number();
        if (!octets || octets->empty() || octets->size() > longest_number) return not_read();
        number = number_from(*octets);
        if (!number) return not_read();
    }
    // Zero: made of two primes.
    if (!version || !version->empty() || !reader.at_end()) return not_read();
    return Read{.kind = KeyKind::rsa, .key = HEARTH_TRY(rsa_private_key(numbers))};
}

std::optional<KeyKind> curve_of(std::optional<std::string_view> identifier) {
    if (identifier == p256_curve) return KeyKind::p256;
    if (identifier == p384_curve) return KeyKind::p384;
    return {};
}

// RFC 5915 section 3. `curve` is that of a wrapping, where there is one.
Result<Read> sec1_key(std::string_view der, std::optional<std::string_view> curve) {
    DerReader outer(der);
    const auto content = outer.take(DerReader::sequence);
    if (!content) return not_read();
    DerReader reader(*content);
    const auto version = reader.take_number();
    const auto octets = reader.take(DerReader::octets);
    if (version != "\x01"sv || !octets || octets->empty() || octets->size() > 66) return not_read();
    if (const auto parameters = reader.take(DerReader::context(0)))
        curve = DerReader(*parameters).take(DerReader::object_identifier);
    const auto kind = curve_of(curve);
    if (!kind) return unknown_kind();
    const auto number = number_from(*octets);
    if (!number) return not_read();
    return Read{.kind = *kind, .key = HEARTH_TRY(ec_private_key(number, *kind))};
}

// RFC 5958 section 2; the attributes and the public key that may follow say nothing new.
Result<Read> pkcs8_key(std::string_view der) {
    DerReader outer(der);
    const auto content = outer.take(DerReader::sequence);
    if (!content) return not_read();
    DerReader reader(*content);
    const auto version = reader.take_number();
    const auto algorithm = reader.take(DerReader::sequence);
    const auto inner = reader.take(DerReader::octets);
    if (!version || !algorithm || !inner) return not_read();
    DerReader named(*algorithm);
    const auto identifier = named.take(DerReader::object_identifier);
    if (identifier == rsa_algorithm) return pkcs1_key(*inner);
    if (identifier == ec_algorithm)
        return sec1_key(*inner, named.take(DerReader::object_identifier));
    return unknown_kind();
}

Result<Read> key_in(const PemBlock& block) {
    if (block.label == "ENCRYPTED PRIVATE KEY" || block.headers.contains("ENCRYPTED"))
        return std::unexpected(bad_key(
            "is encrypted", "keys without a passphrase are needed: openssl pkey -in KEY -out NEW"));
    const auto der = HEARTH_TRY(octets_of(block));
    if (block.label == "PRIVATE KEY") return pkcs8_key(der.reveal());
    if (block.label == "RSA PRIVATE KEY") return pkcs1_key(der.reveal());
    if (block.label == "EC PRIVATE KEY") return sec1_key(der.reveal(), {});
    return std::unexpected(bad_key("is in a form that is not known here",
                                   "write it anew as PKCS #8: openssl pkey -in KEY -out NEW"));
}

// What stands there instead of a private key.
Error no_key(const std::vector<PemBlock>& blocks) {
    const auto label_has = [&](std::string_view word) {
        return std::ranges::any_of(
            blocks, [&](const PemBlock& block) { return block.label.contains(word); });
    };
    constexpr auto wanted = "the private key begins with -----BEGIN PRIVATE KEY-----";
    if (label_has("PUBLIC KEY")) return bad_key("is a public key", wanted);
    if (label_has("CERTIFICATE")) return bad_key("is a certificate", wanted);
    return bad_key("is no PEM, or not whole", wanted);
}

}  // namespace

Result<Key> Key::from_pem(const Secret& pem) {
    const auto blocks = pem_blocks(pem.reveal());
    const auto found = std::ranges::find_if(
        blocks, [](const PemBlock& block) { return block.label.ends_with("PRIVATE KEY"); });
    if (found == blocks.end()) return std::unexpected(no_key(blocks));
    auto read = HEARTH_TRY(key_in(*found));
    auto material = std::make_shared<Material>();
    material->kind = read.kind;
    material->is_private = true;
    material->key = std::move(read.key);
    return Key(std::move(material));
}

}  // namespace hearth::signing
