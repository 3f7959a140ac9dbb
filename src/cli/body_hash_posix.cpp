#include <fcntl.h>
#include <sodium/crypto_hash_sha256.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "cli/body_hash.hpp"
#include "core/descriptor.hpp"

namespace hearth::cli {
namespace {

std::string hexadecimal(const std::array<unsigned char, crypto_hash_sha256_BYTES>& octets) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const auto octet : octets)
        text.append({digits[static_cast<std::size_t>(octet >> 4U)], digits[octet & 15U]});
    return text;
}

std::unexpected<Error> unreadable(const std::string& path) {
    return std::unexpected(
        Error{Remedy::usage,
              "the body in " + path + " cannot be read: " + std::generic_category().message(errno),
              "--body names a file with what the request sends"});
}

}  // namespace

Result<std::string> body_hash(const std::string& path) {
    const bool stdin_is_meant = path == "-";
    const Descriptor opened(stdin_is_meant ? -1
                                           : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!stdin_is_meant && !opened.open()) return unreadable(path);
    const int file = stdin_is_meant ? STDIN_FILENO : opened.number();
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    std::array<unsigned char, 16UL * 1024> piece{};
    for (;;) {
        const auto size = ::read(file, piece.data(), piece.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return unreadable(path);
        if (size == 0) break;
        crypto_hash_sha256_update(&state, piece.data(), static_cast<unsigned long long>(size));
    }
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256_final(&state, hash.data());
    return hexadecimal(hash);
}

}  // namespace hearth::cli
