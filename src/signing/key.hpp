// A key of JSON Web Key form (RFC 7517), or of PEM: RSA, EC P-256 and P-384, and octets for HMAC.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "hearth/error.hpp"
#include "hearth/secret.hpp"
#include "json/document.hpp"

namespace hearth::signing {

enum class KeyKind : std::uint8_t { rsa, p256, p384, octets };

// Immutable; copies share the key. Safe to use from any thread.
class Key {
  public:
    // Refuses RSA below 2048 bits, points that are not on their curve, and kinds that are not
    // known.
    static Result<Key> parse(const json::Document& jwk);
    static Result<Key> parse(std::string_view jwk);
    // A private key in PEM: PKCS #8, PKCS #1 or SEC 1. Remedy::usage for one that is encrypted, for
    // what is no private key, and for kinds and sizes that `parse` refuses. Asks nobody for a
    // passphrase, and quotes nothing.
    static Result<Key> from_pem(const Secret& pem);
    // A new private key: for servers in tests and sandboxes, and for proofs of possession.
    static Result<Key> generate(KeyKind kind);

    [[nodiscard]] KeyKind kind() const noexcept;
    [[nodiscard]] bool is_private() const noexcept;
    // Of the JWK; empty when it has none.
    [[nodiscard]] const std::string& id() const noexcept;
    [[nodiscard]] const std::string& algorithm() const noexcept;
    [[nodiscard]] const std::string& use() const noexcept;
    // The public part's required members, in RFC 7638's order; empty for HMAC octets.
    [[nodiscard]] Result<std::string> public_jwk() const;
    // RFC 7638, SHA-256, base64url.
    [[nodiscard]] Result<std::string> thumbprint() const;

    struct Material;
    [[nodiscard]] const Material& material() const noexcept { return *material_; }

  private:
    explicit Key(std::shared_ptr<const Material> material) noexcept
        : material_(std::move(material)) {}
    std::shared_ptr<const Material> material_;
};

}  // namespace hearth::signing
