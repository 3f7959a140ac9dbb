#include "sandbox/jose.hpp"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <boost/json/parse.hpp>

#include "sandbox/encoding.hpp"
#include "unit/sandbox/cloud_visit.hpp"

namespace hearth::sandbox::testing {

namespace {

std::string decoded(std::string text) {
    for (auto& character : text)
        character = character == '-' ? '+' : character == '_' ? '/' : character;
    while (text.size() % 4 != 0) text += '=';
    return from_base64(text).value_or("");
}

struct Parts {
    std::string input;
    boost::json::object header;
    boost::json::object claims;
    std::string signature;
};

Parts parts_of(const std::string& jwt) {
    const auto first = jwt.find('.');
    const auto second = jwt.rfind('.');
    return {jwt.substr(0, second), boost::json::parse(decoded(jwt.substr(0, first))).as_object(),
            boost::json::parse(decoded(jwt.substr(first + 1, second - first - 1))).as_object(),
            decoded(jwt.substr(second + 1))};
}

const unsigned char* octets(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string member(const boost::json::object& jwk, const char* name) {
    return decoded(std::string(jwk.at(name).as_string()));
}

// The key that a reader builds from the published members alone.
EVP_PKEY* key_of(const boost::json::object& jwk) {
    const bool rsa = jwk.at("kty").as_string() == "RSA";
    OSSL_PARAM_BLD* builder = OSSL_PARAM_BLD_new();
    BIGNUM* numbers[2] = {nullptr, nullptr};
    const std::string point = rsa ? "" : '\x04' + member(jwk, "x") + member(jwk, "y");
    if (rsa) {
        const std::string n = member(jwk, "n");
        const std::string e = member(jwk, "e");
        numbers[0] = BN_bin2bn(octets(n), static_cast<int>(n.size()), nullptr);
        numbers[1] = BN_bin2bn(octets(e), static_cast<int>(e.size()), nullptr);
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, numbers[0]);
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, numbers[1]);
    } else {
        OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
        OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                         point.size());
    }
    OSSL_PARAM* parameters = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, rsa ? "RSA" : "EC", nullptr);
    EVP_PKEY* key = nullptr;
    EVP_PKEY_fromdata_init(context);
    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    for (BIGNUM* number : numbers) BN_free(number);
    return key;
}

std::string der_of(const std::string& raw) {
    ECDSA_SIG* pair = ECDSA_SIG_new();
    ECDSA_SIG_set0(pair, BN_bin2bn(octets(raw), 32, nullptr),
                   BN_bin2bn(octets(raw) + 32, 32, nullptr));
    unsigned char* bytes = nullptr;
    const int size = i2d_ECDSA_SIG(pair, &bytes);
    std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    ECDSA_SIG_free(pair);
    return der;
}

bool verifies(const std::string& jwt, const boost::json::object& jwk) {
    const Parts parts = parts_of(jwt);
    const bool rsa = jwk.at("kty").as_string() == "RSA";
    if (!rsa && parts.signature.size() != 64) return false;
    const std::string signature = rsa ? parts.signature : der_of(parts.signature);
    EVP_PKEY* key = key_of(jwk);
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, key);
    const int verdict = EVP_DigestVerify(context, octets(signature), signature.size(),
                                         octets(parts.input), parts.input.size());
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return verdict == 1;
}

}  // namespace

TEST(Jose, signature_verifies_with_the_published_key_of_either_kind) {
    for (const auto algorithm : {Algorithm::rs256, Algorithm::es256}) {
        const SigningKey key(algorithm);
        const auto jwt = key.sign({{"sub", "somebody"}});
        EXPECT_TRUE(verifies(jwt, key.jwk())) << key.name();
        EXPECT_FALSE(verifies(jwt, SigningKey(algorithm).jwk())) << key.name();
        EXPECT_EQ(parts_of(jwt).header.at("kid"), key.jwk().at("kid"));
        EXPECT_EQ(parts_of(jwt).header.at("alg").as_string(), key.name());
    }
}

TEST(Jose, published_key_holds_no_private_part) {
    for (const auto algorithm : {Algorithm::rs256, Algorithm::es256})
        for (const char* secret : {"d", "p", "q", "dp", "dq", "qi"})
            EXPECT_FALSE(SigningKey(algorithm).jwk().contains(secret));
}

TEST(Jose, challenge_is_the_sha256_of_the_verifier) {
    EXPECT_EQ(base64url(sha256(verifier)), challenge);
}

class IdToken : public CloudVisit {};

TEST_F(IdToken, says_who_for_whom_until_when_and_to_which_request) {
    const auto query = with(authorization_query("openid email"), "nonce", "nonce-of-mine");
    const auto tokens =
        json(post("/token", exchange_form(redirected(get("/authorize", query), "code"))));
    const auto jwt = text(tokens, "id_token");
    const auto claims = parts_of(jwt).claims;
    EXPECT_TRUE(verifies(jwt, json(get("/jwks")).at("keys").at(0).as_object()));
    EXPECT_EQ(text(claims, "iss"), "http://127.0.0.1:7000");
    EXPECT_EQ(text(claims, "aud"), "sandbox");
    EXPECT_EQ(text(claims, "nonce"), "nonce-of-mine");
    EXPECT_EQ(text(claims, "email"), "robin@sandbox.example");
    EXPECT_EQ(text(claims, "at_hash"),
              base64url(sha256(text(tokens, "access_token")).substr(0, 16)));
    EXPECT_GT(claims.at("exp").as_int64(), to_unix(now));
    EXPECT_EQ(text(claims, "sub"), text(json(userinfo(text(tokens, "access_token"))), "sub"));
}

TEST_F(IdToken, of_a_renewal_has_no_nonce_and_the_old_time_of_sign_in) {
    const auto signed_in_at = to_unix(now);
    const auto query = with(authorization_query(), "nonce", "nonce-of-mine");
    const auto first =
        json(post("/token", exchange_form(redirected(get("/authorize", query), "code"))));
    pass(seconds(100));
    const auto claims =
        parts_of(text(json(refresh(text(first, "refresh_token"))), "id_token")).claims;
    EXPECT_FALSE(claims.contains("nonce"));
    EXPECT_EQ(claims.at("auth_time").as_int64(), signed_in_at);
    EXPECT_EQ(claims.at("iat").as_int64(), signed_in_at + 100);
}

TEST_F(IdToken, is_es256_for_a_client_that_registered_so) {
    const auto client =
        json(post_json("/register", {{"redirect_uris", {"http://127.0.0.1/callback"}},
                                     {"token_endpoint_auth_method", "none"},
                                     {"id_token_signed_response_alg", "ES256"}}));
    const auto id = text(client, "client_id");
    const auto code =
        redirected(get("/authorize", with(authorization_query(), "client_id", id)), "code");
    const auto tokens = json(post("/token", with(exchange_form(code), "client_id", id)));
    EXPECT_TRUE(
        verifies(text(tokens, "id_token"), json(get("/jwks")).at("keys").at(1).as_object()));
}

}  // namespace hearth::sandbox::testing
