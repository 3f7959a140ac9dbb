// ASN.1 in its distinguished encoding (X.690), as far as private keys are written in it. Nothing is
// copied, so there is nothing to wipe but the text itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace hearth::signing {

// Takes the elements of a sequence one after the other, out of a text that outlives it.
class DerReader {
  public:
    static constexpr std::uint8_t integer = 0x02;
    static constexpr std::uint8_t bit_string = 0x03;
    static constexpr std::uint8_t octets = 0x04;
    static constexpr std::uint8_t object_identifier = 0x06;
    static constexpr std::uint8_t sequence = 0x30;
    // [0], [1] … of a sequence, constructed.
    static constexpr std::uint8_t context(std::uint8_t number) noexcept {
        return static_cast<std::uint8_t>(0xA0 + number);
    }

    explicit DerReader(std::string_view text) noexcept : text_(text) {}

    // What the next element holds, when it is of that kind; absent, and nothing taken, when it is
    // not or is not encoded well.
    std::optional<std::string_view> take(std::uint8_t tag) noexcept;
    // The same for a whole number that is not negative: its octets, without zeros before them.
    std::optional<std::string_view> take_number() noexcept;
    [[nodiscard]] bool at_end() const noexcept { return text_.empty(); }

  private:
    std::string_view text_;
};

}  // namespace hearth::signing
