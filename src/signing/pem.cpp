#include "signing/pem.hpp"

#include <openssl/crypto.h>

#include <array>
#include <cstdint>

namespace hearth::signing {
namespace {

constexpr std::string_view beginning = "-----BEGIN ";
constexpr std::string_view ending = "-----END ";
constexpr std::string_view dashes = "-----";

int value_of(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+') return 62;
    if (c == '/') return 63;
    return -1;
}

bool white(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Collects octets without leaving copies behind.
class Octets {
  public:
    Octets() = default;
    Octets(const Octets&) = delete;
    Octets& operator=(const Octets&) = delete;
    ~Octets() {
        OPENSSL_cleanse(waiting_.data(), waiting_.size());
        OPENSSL_cleanse(&bits_, sizeof bits_);
    }

    void add(int sextet) {
        bits_ = (bits_ << 6U) | static_cast<std::uint32_t>(sextet);
        count_ += 6;
        if (count_ < 8) return;
        count_ -= 8;
        waiting_.at(size_++) = static_cast<char>((bits_ >> count_) & 0xFFU);
        if (size_ == waiting_.size()) flush();
    }
    // False where bits are left over that no octet has.
    [[nodiscard]] bool whole() const noexcept {
        return count_ < 6 && (bits_ & ((1U << count_) - 1U)) == 0;
    }
    Secret take() {
        flush();
        return all_.take();
    }

  private:
    void flush() {
        all_.append({waiting_.data(), size_});
        size_ = 0;
    }

    SecretBuilder all_;
    std::array<char, 512> waiting_{};
    std::size_t size_ = 0;
    std::uint32_t bits_ = 0;
    unsigned count_ = 0;
};

// RFC 1421 section 4.6: headers end at an empty line.
void split_headers(PemBlock& block) {
    const auto first_line = block.encoded.substr(0, block.encoded.find('\n'));
    if (!first_line.contains(':')) return;
    auto end = block.encoded.find("\n\n");
    if (end == std::string_view::npos) end = block.encoded.find("\n\r\n");
    if (end == std::string_view::npos) end = block.encoded.size();
    block.headers = block.encoded.substr(0, end);
    block.encoded.remove_prefix(end);
}

}  // namespace

std::vector<PemBlock> pem_blocks(std::string_view text) {
    std::vector<PemBlock> blocks;
    while (true) {
        const auto start = text.find(beginning);
        if (start == std::string_view::npos) return blocks;
        text.remove_prefix(start + beginning.size());
        const auto label_end = text.find(dashes);
        if (label_end == std::string_view::npos) return blocks;
        PemBlock block{.label = text.substr(0, label_end), .headers = {}, .encoded = {}};
        const auto rest = text.substr(label_end + dashes.size());
        const auto end = rest.find(ending);
        if (end == std::string_view::npos) return blocks;
        if (!rest.substr(end + ending.size()).starts_with(block.label)) continue;
        block.encoded = rest.substr(0, end);
        while (!block.encoded.empty() && white(block.encoded.front()))
            block.encoded.remove_prefix(1);
        split_headers(block);
        blocks.push_back(block);
        text = rest.substr(end + ending.size());
    }
}

Result<Secret> octets_of(const PemBlock& block) {
    const auto bad = [] {
        return std::unexpected(Error{Remedy::usage, "the text of a PEM block is not base64", ""});
    };
    Octets octets;
    bool padding = false;
    for (const char c : block.encoded) {
        if (white(c)) continue;
        const int value = value_of(c);
        if (c == '=') {
            padding = true;
        } else if (padding || value < 0) {
            return bad();
        } else {
            octets.add(value);
        }
    }
    if (!octets.whole()) return bad();
    return octets.take();
}

}  // namespace hearth::signing
