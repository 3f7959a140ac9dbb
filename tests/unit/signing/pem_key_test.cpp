#include <gtest/gtest.h>
#include <openssl/core_names.h>

#include <array>

#include "hearth/secret.hpp"
#include "signing/base64.hpp"
#include "signing/jws.hpp"
#include "signing/key.hpp"
#include "support/pem_keys.hpp"

namespace hearth::signing {
namespace {

using testing::ec_key;
using testing::encrypted_pem_of;
using testing::former_pem_of;
using testing::OpenSslKey;
using testing::pem_of;
using testing::public_pem_of;
using testing::rsa_key;

// One for most tests, because RSA keys take long to make.
const OpenSslKey& an_rsa_key() {
    static const auto key = rsa_key();
    return key;
}

Result<Key> read(std::string_view pem) { return Key::from_pem(Secret(pem)); }

// The public key as OpenSSL has it.
Key public_key_of(const OpenSslKey& key, int coordinate) {
    std::array<unsigned char, 97> point{};
    std::size_t size = 0;
    EVP_PKEY_get_octet_string_param(key.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(),
                                    &size);
    const std::string octets(reinterpret_cast<const char*>(point.data()), size);
    const auto half = static_cast<std::size_t>(coordinate);
    EXPECT_EQ(octets.size(), 1 + (half * 2));
    return *Key::parse(std::string(R"({"kty":"EC","crv":")") +
                       (coordinate == 32 ? "P-256" : "P-384") + R"(","x":")" +
                       base64url(octets.substr(1, half)) + R"(","y":")" +
                       base64url(octets.substr(1 + half)) + R"("})");
}

Key public_rsa_key_of(const OpenSslKey& key) {
    const auto number = [&](const char* name) {
        BIGNUM* raw = nullptr;
        EVP_PKEY_get_bn_param(key.get(), name, &raw);
        std::string octets(static_cast<std::size_t>(BN_num_bytes(raw)), '\0');
        BN_bn2bin(raw, reinterpret_cast<unsigned char*>(octets.data()));
        BN_free(raw);
        return base64url(octets);
    };
    return *Key::parse(R"({"kty":"RSA","n":")" + number(OSSL_PKEY_PARAM_RSA_N) + R"(","e":")" +
                       number(OSSL_PKEY_PARAM_RSA_E) + R"("})");
}

void expect_signs(const Key& key, const char* algorithm, const Key& judge) {
    const auto header = std::string(R"({"alg":")") + algorithm + R"("})";
    const auto signed_text = sign(header, "payload", algorithm, key);
    ASSERT_TRUE(signed_text) << signed_text.error().what;
    const auto jws = Jws::parse(*signed_text);
    ASSERT_TRUE(jws);
    EXPECT_TRUE(verify(*jws, judge));
}

TEST(PemKey, of_rsa_signs_from_either_form) {
    const auto& key = an_rsa_key();
    const auto judge = public_rsa_key_of(key);
    for (const auto& pem : {pem_of(key), former_pem_of(key)}) {
        const auto read_key = read(pem);
        ASSERT_TRUE(read_key) << read_key.error().what;
        EXPECT_EQ(read_key->kind(), KeyKind::rsa);
        EXPECT_TRUE(read_key->is_private());
        expect_signs(*read_key, "RS256", judge);
    }
}

TEST(PemKey, of_a_curve_signs_from_either_form) {
    const auto small = ec_key("P-256");
    const auto large = ec_key("P-384");
    for (const auto& pem : {pem_of(small), former_pem_of(small)}) {
        const auto key = read(pem);
        ASSERT_TRUE(key) << key.error().what;
        EXPECT_EQ(key->kind(), KeyKind::p256);
        expect_signs(*key, "ES256", public_key_of(small, 32));
    }
    for (const auto& pem : {pem_of(large), former_pem_of(large)}) {
        const auto key = read(pem);
        ASSERT_TRUE(key) << key.error().what;
        EXPECT_EQ(key->kind(), KeyKind::p384);
        expect_signs(*key, "ES384", public_key_of(large, 48));
    }
}

TEST(PemKey, is_found_behind_what_stands_before_it) {
    const auto key = ec_key();
    const auto text =
        "Bag Attributes\n-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n"
        "-----END EC PARAMETERS-----\n" +
        public_pem_of(key) + pem_of(key);
    const auto found = read(text);
    ASSERT_TRUE(found) << found.error().what;
    EXPECT_TRUE(found->is_private());
}

TEST(PemKey, may_have_other_line_ends) {
    auto pem = pem_of(an_rsa_key());
    for (std::size_t at = pem.find('\n'); at != std::string::npos; at = pem.find('\n', at + 2))
        pem.replace(at, 1, "\r\n");
    EXPECT_TRUE(read(pem));
    auto without = pem_of(an_rsa_key());
    without.pop_back();
    EXPECT_TRUE(read(without));
}

TEST(PemKey, that_is_encrypted_is_refused_without_asking_for_the_passphrase) {
    for (const auto& pem :
         {encrypted_pem_of(an_rsa_key()), former_pem_of(an_rsa_key(), EVP_aes_256_cbc()),
          former_pem_of(ec_key(), EVP_aes_128_cbc())}) {
        const auto key = read(pem);
        ASSERT_FALSE(key);
        EXPECT_EQ(key.error().remedy, Remedy::usage);
        EXPECT_EQ(key.error().what, "the private key is encrypted");
        EXPECT_TRUE(key.error().hint.contains("openssl pkey")) << key.error().hint;
    }
}

TEST(PemKey, of_rsa_below_2048_bits_is_refused) {
    const auto key = read(pem_of(rsa_key(1024)));
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().what, "the private key is RSA below 2048 bits");
}

TEST(PemKey, that_is_another_thing_is_named_for_what_it_is) {
    EXPECT_EQ(read(public_pem_of(an_rsa_key())).error().what, "the private key is a public key");
    EXPECT_EQ(read("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n").error().what,
              "the private key is a certificate");
    EXPECT_TRUE(read(pem_of(OpenSslKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"))))
                    .error()
                    .what.contains("of a kind that is not known"));
    EXPECT_TRUE(read(pem_of(ec_key("P-521"))).error().what.contains("of a kind"));
    EXPECT_TRUE(read("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----")
                    .error()
                    .what.contains("in a form that is not known"));
}

TEST(PemKey, that_is_rubbish_is_refused_and_not_quoted) {
    const auto block = [](const std::string& content, const std::string& end = "PRIVATE KEY") {
        std::string text = "-----BEGIN PRIVATE KEY-----\n";
        text += content;
        text += "\n-----END " + end;
        return text += "-----\n";
    };
    for (const auto& pem :
         {std::string(), std::string("rubbish"), std::string("-----BEGIN PRIVATE KEY-----\n"),
          block("rubb!sh"), block("cnViYmlzaA=="), block(""),
          block("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"), block("cnViYmlzaA", "RSA PRIVATE KEY")}) {
        const auto key = read(pem);
        ASSERT_FALSE(key) << pem;
        EXPECT_FALSE(key.error().what.contains("rubb")) << key.error().what;
        EXPECT_FALSE(key.error().what.contains("cnVi")) << key.error().what;
    }
}

// Each octet of the key in turn: what is changed is refused, or read as another key, and never
// breaks anything.
TEST(PemKey, that_was_changed_on_the_way_is_refused_or_signs_nothing_that_fits) {
    const auto original = ec_key();
    const auto pem = pem_of(original);
    const auto judge = public_key_of(original, 32);
    int refused = 0;
    const auto begin = pem.find('\n') + 1;
    const auto end = pem.find("\n-----END");
    for (auto at = begin; at < end; ++at) {
        auto changed = pem;
        if (changed[at] == '\n') continue;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        const auto key = read(changed);
        if (!key) {
            ++refused;
            continue;
        }
        const auto text = sign(R"({"alg":"ES256"})", "payload", "ES256", *key);
        if (!text) continue;
        const auto jws = Jws::parse(*text);
        ASSERT_TRUE(jws);
        // The public part, which the file may hold too, is not what is signed with.
        if (key->thumbprint() == judge.thumbprint()) continue;
        EXPECT_FALSE(verify(*jws, judge)) << at;
    }
    EXPECT_GT(refused, 20);
}

TEST(PemKey, of_rsa_whose_numbers_do_not_belong_together_is_refused) {
    const auto pem = pem_of(an_rsa_key());
    auto changed = pem;
    // Within the modulus.
    const auto at = pem.find('\n') + 100;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    const auto key = read(changed);
    ASSERT_FALSE(key);
    EXPECT_TRUE(key.error().what.contains("do not belong together")) << key.error().what;
}

}  // namespace
}  // namespace hearth::signing
