#include "sandbox/jose.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <boost/json/serialize.hpp>
#include <stdexcept>

#include "sandbox/encoding.hpp"

namespace hearth::sandbox {

namespace {

constexpr int coordinate_size = 32;  // RFC 7518 section 6.2.1.2: P-256, padded to the field's size.

std::string number(const BIGNUM* value, int size) {
    std::string bytes(static_cast<std::size_t>(size), '\0');
    if (BN_bn2binpad(value, reinterpret_cast<unsigned char*>(bytes.data()), size) != size)
        throw std::runtime_error("a key's number is larger than its field");
    return bytes;
}

std::string parameter(const EVP_PKEY* key, const char* name, int size) {
    BIGNUM* raw = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &raw) != 1)
        throw std::runtime_error("the key has no public half");
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> value(raw, BN_free);
    return base64url(number(value.get(), size > 0 ? size : BN_num_bytes(value.get())));
}

// RFC 7518 section 3.4: r and s side by side, where OpenSSL gives a DER sequence.
std::string raw_signature(const std::string& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(
        d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), ECDSA_SIG_free);
    if (!pair) throw std::runtime_error("the signature is not a pair of numbers");
    return number(ECDSA_SIG_get0_r(pair.get()), coordinate_size) +
           number(ECDSA_SIG_get0_s(pair.get()), coordinate_size);
}

const unsigned char* octets(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

// The other way round; empty for what is not two numbers.
std::string der_signature(const std::string& raw) {
    if (raw.size() != 2UL * coordinate_size) return {};
    const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(ECDSA_SIG_new(),
                                                                     ECDSA_SIG_free);
    BIGNUM* r = BN_bin2bn(octets(raw), coordinate_size, nullptr);
    BIGNUM* s = BN_bin2bn(octets(raw) + coordinate_size, coordinate_size, nullptr);
    if (!pair || ECDSA_SIG_set0(pair.get(), r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return {};
    }
    unsigned char* written = nullptr;
    const int size = i2d_ECDSA_SIG(pair.get(), &written);
    if (size <= 0) return {};
    std::string der(reinterpret_cast<const char*>(written), static_cast<std::size_t>(size));
    OPENSSL_free(written);
    return der;
}

}  // namespace

SigningKey::SigningKey(Algorithm algorithm)
    : algorithm_(algorithm),
      key_(algorithm == Algorithm::rs256 ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256"), EVP_PKEY_free) {
    if (!key_) throw std::runtime_error("a signing key could not be made");
    key_id_ = base64url(sha256(boost::json::serialize(public_members())));
}

// RFC 7638 section 3.2: the required members alone, in the order of their names.
boost::json::object SigningKey::public_members() const {
    if (algorithm_ == Algorithm::rs256) {
        return {{"e", parameter(key_.get(), OSSL_PKEY_PARAM_RSA_E, 0)},
                {"kty", "RSA"},
                {"n", parameter(key_.get(), OSSL_PKEY_PARAM_RSA_N, 0)}};
    }
    return {{"crv", "P-256"},
            {"kty", "EC"},
            {"x", parameter(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, coordinate_size)},
            {"y", parameter(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, coordinate_size)}};
}

boost::json::object SigningKey::jwk() const {
    auto members = public_members();
    members["kid"] = key_id_;
    members["alg"] = name();
    members["use"] = "sig";
    return members;
}

std::string SigningKey::sign(const boost::json::object& claims) const {
    const boost::json::object header{{"alg", name()}, {"kid", key_id_}, {"typ", "JWT"}};
    const std::string input =
        base64url(boost::json::serialize(header)) + '.' + base64url(boost::json::serialize(claims));
    return input + '.' + base64url(signature(input));
}

std::string SigningKey::signature(const std::string& input) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free);
    const auto* bytes = reinterpret_cast<const unsigned char*>(input.data());
    std::size_t size = 0;
    if (!context ||
        EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1 ||
        EVP_DigestSign(context.get(), nullptr, &size, bytes, input.size()) != 1)
        throw std::runtime_error("signing could not begin");
    std::string made(size, '\0');
    if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(made.data()), &size, bytes,
                       input.size()) != 1)
        throw std::runtime_error("signing failed");
    made.resize(size);
    return algorithm_ == Algorithm::rs256 ? made : raw_signature(made);
}

bool SigningKey::verifies(const std::string& input, const std::string& signature) const {
    const std::string form = algorithm_ == Algorithm::rs256 ? signature : der_signature(signature);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free);
    return context && !form.empty() &&
           EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
           EVP_DigestVerify(context.get(), octets(form), form.size(), octets(input),
                            input.size()) == 1;
}

std::string SigningKey::private_pem(Form form) const {
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
    const auto write =
        form == Form::pkcs8 ? PEM_write_bio_PrivateKey : PEM_write_bio_PrivateKey_traditional;
    if (!out || write(out.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
        throw std::runtime_error("the key cannot be written");
    char* bytes = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

const SigningKey* Keys::find(const std::string& id) const {
    if (rsa_ && rsa_->id() == id) return &*rsa_;
    return ec_ && ec_->id() == id ? &*ec_ : nullptr;
}

const SigningKey& Keys::of(Algorithm algorithm) {
    auto& key = algorithm == Algorithm::rs256 ? rsa_ : ec_;
    if (!key) key.emplace(algorithm);
    return *key;
}

}  // namespace hearth::sandbox
