#include "cli/qr_code.hpp"

#include <gtest/gtest.h>

#include "cli/qr_codewords.hpp"

namespace hearth::cli {
namespace {

TEST(QrCode, grows_with_the_text_until_it_is_too_long) {
    EXPECT_EQ(QrCode::of(std::string(17, 'a'))->size(), 21U);
    EXPECT_EQ(QrCode::of(std::string(18, 'a'))->size(), 25U);
    EXPECT_EQ(QrCode::of(std::string(271, 'a'))->size(), 57U);
    EXPECT_FALSE(QrCode::of(std::string(272, 'a')).has_value());
}

TEST(QrCode, has_a_finder_in_three_corners_and_the_dark_module) {
    const auto code = QrCode::of("https://login.example.com/device");
    ASSERT_TRUE(code.has_value());
    const auto far = code->size() - 7;
    for (std::size_t i = 0; i < 7; ++i) {
        for (std::size_t j = 0; j < 7; ++j) {
            const bool ring =
                i == 0 || i == 6 || j == 0 || j == 6 || (i > 1 && i < 5 && j > 1 && j < 5);
            EXPECT_EQ(code->dark(i, j), ring);
            EXPECT_EQ(code->dark(far + i, j), ring);
            EXPECT_EQ(code->dark(i, far + j), ring);
        }
    }
    EXPECT_TRUE(code->dark(8, code->size() - 8));
}

// Computed by another program from the standard.
TEST(QrCode, carries_data_and_its_error_correction) {
    const auto words = qr_codewords("hearth");
    ASSERT_TRUE(words.has_value());
    EXPECT_EQ(words->version, 1U);
    const std::vector<std::uint8_t> expected{0x40, 0x66, 0x86, 0x56, 0x17, 0x27, 0x46, 0x80, 0xEC,
                                             0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11,
                                             0xEC, 0x5F, 0xF9, 0x33, 0x65, 0x96, 0xE2, 0x95};
    EXPECT_EQ(words->bytes, expected);
}

TEST(QrCode, is_drawn_two_modules_to_a_line_with_a_margin) {
    const auto text = QrCode::of("hearth")->rendered();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), (21 + 4 + 1) / 2);
}

}  // namespace
}  // namespace hearth::cli
