#include "stores/seal.hpp"

#include <sodium.h>

#include <array>
#include <cstring>
#include <vector>

#include "core/arena.hpp"

namespace hearth::stores {
namespace {

static_assert(seal_key_size == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(seal_overhead == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES +
                                   crypto_aead_xchacha20poly1305_ietf_ABYTES);
static_assert(salt_size == crypto_pwhash_SALTBYTES);
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;

// What a key.json that somebody made up could ask of this machine at most.
constexpr std::uint64_t most_operations = 64;
constexpr std::uint64_t most_memory = 4UL * 1024 * 1024 * 1024;

// Chooses the fastest implementations; safe to call again and from any thread.
void ready() {
    static const int state = sodium_init();
    if (state < 0) throw std::bad_alloc();
}

// Locked memory to write into before it becomes a Secret.
class Scratch {
  public:
    explicit Scratch(std::size_t size) : block_(Arena::instance().take(size)), size_(size) {}
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    Scratch(Scratch&&) = delete;
    Scratch& operator=(Scratch&&) = delete;
    ~Scratch() { Arena::instance().give_back(block_); }

    [[nodiscard]] unsigned char* bytes() const noexcept {
        return reinterpret_cast<unsigned char*>(block_.start);
    }
    [[nodiscard]] char* text() const noexcept { return block_.start; }
    [[nodiscard]] Secret secret() const { return Secret({block_.start, size_}); }

  private:
    Arena::Block block_;
    std::size_t size_;
};

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::optional<Secret> decoded_key(std::string_view text, int variant) {
    const Scratch key(seal_key_size);
    std::size_t size = 0;
    const char* end = nullptr;
    const int problem = sodium_base642bin(key.bytes(), seal_key_size, text.data(), text.size(),
                                          nullptr, &size, &end, variant);
    if (problem != 0 || size != seal_key_size || end != text.data() + text.size()) return {};
    return key.secret();
}

std::optional<Secret> hexadecimal_key(std::string_view text) {
    const Scratch key(seal_key_size);
    std::size_t size = 0;
    const char* end = nullptr;
    const int problem =
        sodium_hex2bin(key.bytes(), seal_key_size, text.data(), text.size(), nullptr, &size, &end);
    if (problem != 0 || size != seal_key_size || end != text.data() + text.size()) return {};
    return key.secret();
}

}  // namespace

std::string sealed(const Secret& key, std::string_view plain, std::string_view context,
                   Random& random) {
    ready();
    std::string seal(plain.size() + seal_overhead, '\0');
    random.fill(std::as_writable_bytes(std::span(seal.data(), nonce_size)));
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        bytes_of(seal) + nonce_size, nullptr, bytes_of(plain), plain.size(), bytes_of(context),
        context.size(), nullptr, bytes_of(seal), bytes_of(key.reveal()));
    return seal;
}

std::optional<Secret> unsealed(const Secret& key, std::string_view seal, std::string_view context) {
    ready();
    if (seal.size() < seal_overhead || key.size() != seal_key_size) return {};
    const auto size = seal.size() - seal_overhead;
    if (size == 0) return {};
    const Scratch plain(size);
    const int problem = crypto_aead_xchacha20poly1305_ietf_decrypt(
        plain.bytes(), nullptr, nullptr, bytes_of(seal) + nonce_size, seal.size() - nonce_size,
        bytes_of(context), context.size(), bytes_of(seal), bytes_of(key.reveal()));
    if (problem != 0) return {};
    return plain.secret();
}

Secret random_key(Random& random) {
    const Scratch key(seal_key_size);
    random.fill(std::as_writable_bytes(std::span(key.text(), seal_key_size)));
    return key.secret();
}

Result<Secret> stretched(const Secret& passphrase, std::string_view salt, const Stretch& stretch) {
    ready();
    const bool reasonable = stretch.operations >= crypto_pwhash_OPSLIMIT_MIN &&
                            stretch.operations <= most_operations &&
                            stretch.memory >= crypto_pwhash_MEMLIMIT_MIN &&
                            stretch.memory <= most_memory && salt.size() == salt_size;
    if (!reasonable) {
        return std::unexpected(
            Error{Remedy::failed, "the key's Argon2id parameters are out of reason", ""});
    }
    const Scratch key(seal_key_size);
    const auto text = passphrase.reveal();
    const int problem =
        crypto_pwhash(key.bytes(), seal_key_size, text.data(), text.size(), bytes_of(salt),
                      stretch.operations, stretch.memory, crypto_pwhash_ALG_ARGON2ID13);
    if (problem != 0) {
        return std::unexpected(
            Error{Remedy::failed,
                  "there is not enough memory to open the sealed store: Argon2id needs " +
                      std::to_string(stretch.memory / 1024 / 1024) + " MiB",
                  ""});
    }
    return key.secret();
}

std::optional<Secret> parse_key(const Secret& text) {
    auto characters = text.reveal();
    if (characters.size() == seal_key_size) return text.clone();
    while (characters.ends_with('\n') || characters.ends_with('\r')) characters.remove_suffix(1);
    if (characters.size() == seal_key_size * 2) return hexadecimal_key(characters);
    for (const int variant :
         {sodium_base64_VARIANT_ORIGINAL, sodium_base64_VARIANT_ORIGINAL_NO_PADDING,
          sodium_base64_VARIANT_URLSAFE, sodium_base64_VARIANT_URLSAFE_NO_PADDING}) {
        if (auto key = decoded_key(characters, variant)) return key;
    }
    return {};
}

std::string checksum(std::string_view text) {
    ready();
    std::string sum(16, '\0');
    crypto_generichash(bytes_of(sum), sum.size(), bytes_of(text), text.size(), nullptr, 0);
    return sum;
}

std::string to_base64(std::string_view bytes) {
    const auto size = sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    std::string text(size, '\0');
    sodium_bin2base64(text.data(), size, bytes_of(bytes), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    text.resize(size - 1);  // libsodium ends it with a zero.
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    std::string bytes(text.size(), '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    const int problem = sodium_base642bin(bytes_of(bytes), bytes.size(), text.data(), text.size(),
                                          nullptr, &size, &end, sodium_base64_VARIANT_ORIGINAL);
    if (problem != 0 || end != text.data() + text.size()) return {};
    bytes.resize(size);
    return bytes;
}

}  // namespace hearth::stores
