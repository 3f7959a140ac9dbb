#include "cli/message.hpp"

#include <gtest/gtest.h>

namespace hearth::cli {
namespace {

Result<Message> parsed(std::string_view line) { return Message::parse(Secret(line)); }

TEST(Message, is_an_answer_an_event_or_an_error) {
    EXPECT_EQ(parsed(R"({"ok":{}})")->kind, Message::Kind::ok);
    EXPECT_EQ(parsed(R"({"event":{"type":"open"}})")->kind, Message::Kind::event);
    EXPECT_EQ(parsed(R"({"error":{}})")->kind, Message::Kind::error);
}

TEST(Message, tells_the_error_with_its_remedy_and_its_hint) {
    const auto message =
        parsed(R"({"error":{"remedy":"store_locked","what":"it is locked","hint":"unlock it"}})");
    ASSERT_TRUE(message.has_value());
    EXPECT_EQ(message->error(), (Error{Remedy::store_locked, "it is locked", "unlock it"}));
}

TEST(Message, an_error_that_says_nothing_is_still_a_failure) {
    const auto error = parsed(R"({"error":{"remedy":"unheard_of"}})")->error();
    EXPECT_EQ(error.remedy, Remedy::failed);
    EXPECT_FALSE(error.what.empty());
}

TEST(Message, survives_being_moved) {
    auto message = *parsed(R"({"ok":{"token":"abc"}})");
    const Message moved = std::move(message);
    EXPECT_EQ(moved.body["token"].text(), "abc");
}

TEST(Message, is_nothing_else) {
    for (const auto* line : {"", "null", "[]", "{}", R"({"ok":1})", R"({"ok":null})", R"({"o":{}})",
                             "HTTP/1.1 200 OK", R"({"ok":{}} {"ok":{}})", R"({"ok":{})"}) {
        const auto message = parsed(line);
        ASSERT_FALSE(message.has_value()) << line;
        EXPECT_EQ(message.error().remedy, Remedy::failed);
    }
}

}  // namespace
}  // namespace hearth::cli
