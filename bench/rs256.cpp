// JWTs of a service account, one after the other: hearth's way, or the signature alone.
//
//   bench_rs256 floor|kept|read|hearth SECONDS
//
// floor: OpenSSL's EVP over the same octets, its digest fetched once, the key kept. kept: hearth's
// signature with a key that was read before. read: the floor with the key read from its PEM by
// OpenSSL each time. hearth: all of it, which reads the key each time too. Prints signatures per
// second of processor time.
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <iostream>
#include <memory>
#include <string>

#include "hearth/secret.hpp"
#include "providers/google/jwt.hpp"
#include "signing/jws.hpp"

namespace {

constexpr std::string_view header = R"({"alg":"RS256","typ":"JWT","kid":"0123456789abcdef"})";
constexpr std::string_view claims =
    R"({"iss":"robot@project.iam.gserviceaccount.com","aud":"https://oauth2.googleapis.com/token",)"
    R"("iat":1800000000,"exp":1800003600,"scope":"https://www.googleapis.com/auth/cloud-platform"})";

std::string pem_of(EVP_PKEY* key) {
    // The process ends before any of these would have to be released.
    BIO* const memory = BIO_new(BIO_s_mem());
    PEM_write_bio_PKCS8PrivateKey(memory, key, nullptr, nullptr, 0, nullptr, nullptr);
    char* start = nullptr;
    const auto size = BIO_get_mem_data(memory, &start);
    return {start, static_cast<std::size_t>(size)};
}

bool signed_by(EVP_PKEY* key) {
    static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    // As many octets as the encoded header and claims are.
    static const std::string text((header.size() + claims.size()) * 4 / 3, 'x');
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                     EVP_MD_CTX_free);
    std::array<unsigned char, 512> signature{};
    std::size_t size = signature.size();
    return EVP_DigestSignInit(context.get(), nullptr, sha256, nullptr, key) == 1 &&
           EVP_DigestSign(context.get(), signature.data(), &size,
                          reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
}

bool read_and_signed_by(std::string_view pem) {
    const std::unique_ptr<BIO, int (*)(BIO*)> memory(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(
        PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
    return signed_by(key.get());
}

std::function<bool()> way_named(std::string_view way, EVP_PKEY* key) {
    if (way == "floor") return [key] { return signed_by(key); };
    const auto pem = std::make_shared<const hearth::Secret>(pem_of(key));
    if (way == "read") return [pem] { return read_and_signed_by(pem->reveal()); };
    if (way == "kept")
        return [kept = *hearth::signing::Key::from_pem(*pem)] {
            return hearth::signing::sign(header, claims, "RS256", kept).has_value();
        };
    return [pem] {
        const hearth::Secret written(claims);
        return hearth::providers::google::signed_jwt(*pem, "0123456789abcdef", written, "the key")
            .has_value();
    };
}

// Of this process alone: others may be busy.
double spent() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

int main(int count, char** words) {
    if (count != 3) return 2;
    EVP_PKEY* const key = EVP_RSA_gen(2048);
    const auto once = way_named(words[1], key);
    const double wanted = std::strtod(words[2], nullptr);
    if (!once()) return 1;
    constexpr int batch = 20;
    long turns = 0;
    const double start = spent();
    while (spent() - start < wanted) {
        for (int i = 0; i < batch; ++i) {
            if (!once()) return 1;
        }
        turns += batch;
    }
    std::cout << static_cast<double>(turns) / (spent() - start) << '\n';
    return 0;
}
