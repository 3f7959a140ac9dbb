// EVP allocates whenever a context is copied, which is what a kept HMAC key is used by. The calls
// below work on a plain struct; OpenSSL 3 discourages them, and runs the same code behind both.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "sigv4/sha256.hpp"

#include <openssl/crypto.h>

#include <algorithm>

namespace hearth::sigv4 {
namespace {

constexpr std::size_t block_size = 64;
using Block = std::array<char, block_size>;

std::string_view octets(const Digest& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

consteval auto hexadecimal_pairs() {
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<char, 512> pairs{};
    for (std::size_t octet = 0; octet < 256; ++octet) {
        pairs[2 * octet] = digits[octet / 16];
        pairs[(2 * octet) + 1] = digits[octet % 16];
    }
    return pairs;
}

void combine(Block& block, unsigned char with) {
    for (auto& octet : block) octet = static_cast<char>(static_cast<unsigned char>(octet) ^ with);
}

}  // namespace

std::string_view hexadecimal_pair(std::uint8_t octet) noexcept {
    static constexpr auto pairs = hexadecimal_pairs();
    return {&pairs[2UL * octet], 2};
}

void wipe(void* memory, std::size_t size) noexcept { OPENSSL_cleanse(memory, size); }

HexDigest hexadecimal(const Digest& digest) noexcept {
    std::array<char, 64> text;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled at once.
    for (std::size_t i = 0; i < digest.size(); ++i) {
        const auto pair = hexadecimal_pair(digest[i]);
        text[2 * i] = pair[0];
        text[(2 * i) + 1] = pair[1];
    }
    return HexDigest().append({text.data(), text.size()});
}

// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): SHA256_Init does it.
Sha256::Sha256() noexcept { (void)SHA256_Init(&context_); }

Sha256& Sha256::update(std::string_view octets) noexcept {
    (void)SHA256_Update(&context_, octets.data(), octets.size());
    return *this;
}

Digest Sha256::finish() noexcept {
    Digest digest{};
    (void)SHA256_Final(digest.data(), &context_);
    // Where a key is derived, the state that is left is that key.
    wipe(&context_, sizeof(context_));
    return digest;
}

HmacKey::HmacKey(std::string_view prefix, std::string_view rest) noexcept {
    Block block{};
    if (prefix.size() + rest.size() <= block_size) {
        std::ranges::copy(rest, std::ranges::copy(prefix, block.begin()).out);
    } else {
        std::ranges::copy(octets(Sha256().update(prefix).update(rest).finish()), block.begin());
    }
    combine(block, 0x36);
    Sha256 hash;
    hash.update({block.data(), block.size()});
    std::ranges::copy(hash.context_.h, inner_.begin());
    combine(block, 0x36 ^ 0x5C);
    hash = Sha256();
    hash.update({block.data(), block.size()});
    std::ranges::copy(hash.context_.h, outer_.begin());
    wipe(block.data(), block.size());
    wipe(&hash.context_, sizeof(hash.context_));
}

HmacKey::HmacKey(const Digest& key) noexcept : HmacKey(octets(key)) {}

HmacKey::~HmacKey() {
    wipe(inner_.data(), sizeof(inner_));
    wipe(outer_.data(), sizeof(outer_));
}

Sha256 HmacKey::resumed(const Words& words) noexcept {
    Sha256 hash;
    std::ranges::copy(words, std::begin(hash.context_.h));
    hash.context_.Nl = block_size * 8;  // Bits that have gone through already.
    return hash;
}

Digest HmacKey::of(std::string_view message) const noexcept {
    const auto inside = resumed(inner_).update(message).finish();
    return resumed(outer_).update(octets(inside)).finish();
}

}  // namespace hearth::sigv4
