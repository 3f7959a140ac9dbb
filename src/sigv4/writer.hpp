#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "sigv4/sha256.hpp"

namespace hearth::sigv4 {

// Takes a text piece by piece and passes it on in larger ones. Wiped when dropped, because a
// session token goes through.
class Writer {
  public:
    Writer() noexcept = default;
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    virtual ~Writer() { wipe(buffer_.data(), buffer_.size()); }

    void append(std::string_view piece) {
        if (piece.size() > buffer_.size() - size_) flush();
        if (piece.size() > buffer_.size()) return pass_on(piece);
        std::copy_n(piece.data(), piece.size(), buffer_.data() + size_);
        size_ += piece.size();
    }
    void append(char c) { append({&c, 1}); }

  protected:
    void flush() {
        pass_on({buffer_.data(), size_});
        size_ = 0;
    }

  private:
    virtual void pass_on(std::string_view text) = 0;

    std::array<char, 512> buffer_{};
    std::size_t size_ = 0;
};

class HashWriter final : public Writer {
  public:
    Digest finish() {
        flush();
        return hash_.finish();
    }

  private:
    void pass_on(std::string_view text) override { hash_.update(text); }

    Sha256 hash_;
};

class TextWriter final : public Writer {
  public:
    std::string finish() {
        flush();
        return std::move(text_);
    }

  private:
    void pass_on(std::string_view text) override { text_ += text; }

    std::string text_;
};

}  // namespace hearth::sigv4
