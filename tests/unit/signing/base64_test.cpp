#include "signing/base64.hpp"

#include <gtest/gtest.h>

namespace hearth::signing {
namespace {

// RFC 4648 section 10, without the padding.
TEST(Base64url, encodes_the_vectors_of_the_rfc) {
    const std::pair<std::string_view, std::string_view> vectors[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, encoded] : vectors) {
        EXPECT_EQ(base64url(plain), encoded);
        EXPECT_EQ(from_base64url(encoded), plain);
    }
}

TEST(Base64url, uses_the_alphabet_of_urls) {
    EXPECT_EQ(base64url("\xfb\xff"), "-_8");
    EXPECT_EQ(base64("\xfb\xff"), "+/8=");
    EXPECT_EQ(base64("f"), "Zg==");
    EXPECT_EQ(base64("foo"), "Zm9v");
}

TEST(Base64url, refuses_padding_white_space_and_the_other_alphabet) {
    for (const auto* const text : {"Zg==", "Zg=", "Zm 8", "Zm8\n", "+/8", "Z"}) {
        EXPECT_FALSE(from_base64url(text)) << text;
    }
}

TEST(Base64url, refuses_bits_that_are_left_over) {
    EXPECT_TRUE(from_base64url("Zg"));
    EXPECT_FALSE(from_base64url("Zh"));
    EXPECT_FALSE(from_base64url("Zm9"));
}

}  // namespace
}  // namespace hearth::signing
