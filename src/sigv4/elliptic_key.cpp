#include "sigv4/elliptic_key.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <array>
#include <ranges>

namespace hearth::sigv4 {
namespace {

template <auto release>
struct Release {
    template <class T>
    void operator()(T* object) const noexcept {
        release(object);
    }
};

template <class T, auto release>
using Owned = std::unique_ptr<T, Release<release>>;

using OwnedContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

constexpr std::string_view algorithm = "AWS4-ECDSA-P256-SHA256";

// The order of P-256 less two: a number above it is tried anew.
constexpr Digest largest{0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF,
                         0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17,
                         0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x4F};

void add_one(Digest& number) {
    for (auto& octet : std::views::reverse(number))
        if (++octet != 0) return;
}

std::unexpected<Error> failed() {
    return std::unexpected(
        Error{Remedy::failed, "AWS: OpenSSL cannot sign with the curve P-256", ""});
}

// The point that belongs to the number, uncompressed. OpenSSL does not work it out by itself.
std::array<unsigned char, 65> public_point(const BIGNUM* scalar) {
    std::array<unsigned char, 65> octets{};
    const Owned<EC_GROUP, EC_GROUP_free> group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
    if (!group) return {};
    const Owned<EC_POINT, EC_POINT_free> point(EC_POINT_new(group.get()));
    if (!point || EC_POINT_mul(group.get(), point.get(), scalar, nullptr, nullptr, nullptr) != 1 ||
        EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, octets.data(),
                           octets.size(), nullptr) != octets.size())
        return {};
    return octets;
}

std::shared_ptr<EVP_PKEY> key_of(const BIGNUM* scalar) {
    const auto point = public_point(scalar);
    const Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> builder(OSSL_PARAM_BLD_new());
    if (!builder || point.front() == 0 ||
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) !=
            1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                         point.size()) != 1)
        return {};
    const Owned<OSSL_PARAM, OSSL_PARAM_free> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    const OwnedContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    EVP_PKEY* key = nullptr;
    if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters.get()) != 1)
        return {};
    return {key, EVP_PKEY_free};
}

Text<144> hexadecimal(std::string_view octets) {
    Text<144> text;
    for (const char octet : octets) text.append(hexadecimal_pair(static_cast<std::uint8_t>(octet)));
    return text;
}

}  // namespace

Digest EllipticKey::scalar(std::string_view id, std::string_view secret) noexcept {
    using namespace std::string_view_literals;
    const HmacKey key("AWS4A", secret);
    Digest number{};
    for (unsigned char counter = 1; counter < 255; ++counter) {
        std::string text;
        text.append("\0\0\0\1"sv).append(algorithm).append(1, '\0').append(id);
        text.append(1, static_cast<char>(counter)).append("\0\0\1\0"sv);
        number = key.of(text);
        if (number <= largest) break;
    }
    add_one(number);
    return number;
}

Result<EllipticKey> EllipticKey::derive(std::string_view id, std::string_view secret) {
    auto number = scalar(id, secret);
    // Marked as secure, so that OpenSSL wipes the copies that it makes of it.
    const Owned<BIGNUM, BN_clear_free> private_key(BN_secure_new());
    const bool read =
        private_key != nullptr &&
        BN_bin2bn(number.data(), static_cast<int>(number.size()), private_key.get()) != nullptr;
    wipe(number.data(), number.size());
    auto key = read ? key_of(private_key.get()) : nullptr;
    if (!key) return failed();
    return EllipticKey(std::move(key));
}

Result<Text<144>> EllipticKey::sign(std::string_view text) const {
    const auto digest = Sha256::of(text);
    const OwnedContext context(EVP_PKEY_CTX_new(key_.get(), nullptr));
    std::array<unsigned char, 72> signature{};
    std::size_t size = signature.size();
    if (!context || EVP_PKEY_sign_init(context.get()) != 1 ||
        EVP_PKEY_sign(context.get(), signature.data(), &size, digest.data(), digest.size()) != 1)
        return failed();
    return hexadecimal({reinterpret_cast<const char*>(signature.data()), size});
}

}  // namespace hearth::sigv4
