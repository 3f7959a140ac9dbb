#include "json/object_writer.hpp"

#include <gtest/gtest.h>

#include "json/document.hpp"

namespace hearth::json {
namespace {

TEST(ObjectWriter, writes_what_a_reader_reads_back) {
    const std::string odd = "quote \" slash \\ line \n nul-ish \x01 é";
    const auto text =
        ObjectWriter().text("odd", odd).number("n", -7).texts("list", {"a", "b"}).take();
    const auto document = Document::parse(text.reveal());
    ASSERT_TRUE(document);
    EXPECT_EQ(document->text("odd"), odd);
    EXPECT_EQ(document->number("n"), -7);
    EXPECT_EQ(document->texts("list"), (std::vector<std::string>{"a", "b"}));
}

TEST(ObjectWriter, writes_an_empty_object) { EXPECT_EQ(ObjectWriter().take().reveal(), "{}"); }

}  // namespace
}  // namespace hearth::json
