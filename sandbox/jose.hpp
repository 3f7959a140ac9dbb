// JSON Web Keys and signatures (RFC 7515, 7517, 7518) as far as an identity provider needs them.
#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

struct evp_pkey_st;

namespace hearth::sandbox {

enum class Algorithm : std::uint8_t { rs256, es256 };

// A private key that lives as long as the process.
class SigningKey {
  public:
    explicit SigningKey(Algorithm algorithm);

    // The public half, with `kid`, `alg` and `use`.
    [[nodiscard]] boost::json::object jwk() const;
    // The claims as a compact JWS of type JWT.
    [[nodiscard]] std::string sign(const boost::json::object& claims) const;
    // Whether the signature, in JOSE's form, is this key's own.
    [[nodiscard]] bool verifies(const std::string& input, const std::string& signature) const;
    // The private half, for the file of whoever it is made for: PKCS #8, or the older form of its
    // kind (PKCS #1, SEC 1).
    enum class Form : std::uint8_t { pkcs8, traditional };
    [[nodiscard]] std::string private_pem(Form form) const;
    [[nodiscard]] const std::string& id() const noexcept { return key_id_; }
    [[nodiscard]] std::string name() const {
        return algorithm_ == Algorithm::rs256 ? "RS256" : "ES256";
    }

  private:
    [[nodiscard]] boost::json::object public_members() const;
    [[nodiscard]] std::string signature(const std::string& input) const;

    Algorithm algorithm_;
    std::shared_ptr<evp_pkey_st> key_;
    std::string key_id_;  // The key's RFC 7638 thumbprint.
};

// One key of each kind, made when it is first needed: an RSA key takes longer than all the rest of
// the start.
class Keys {
  public:
    const SigningKey& of(Algorithm algorithm);
    // The key of that `kid`, among those that were made; null when there is none.
    [[nodiscard]] const SigningKey* find(const std::string& id) const;

  private:
    std::optional<SigningKey> rsa_;
    std::optional<SigningKey> ec_;
};

}  // namespace hearth::sandbox
