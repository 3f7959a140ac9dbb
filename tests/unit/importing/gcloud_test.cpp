#include "importing/gcloud.hpp"

#include <gtest/gtest.h>

namespace hearth::importing {
namespace {

TEST(ApplicationDefault, is_named_by_its_type_and_its_account) {
    const auto person = application_default(
        Secret(R"({"type":"authorized_user","account":"robin@example.com","refresh_token":"r"})"));
    EXPECT_EQ(person.what, "a person's sign-in to Google Cloud");
    EXPECT_EQ(person.account, "robin@example.com");
    EXPECT_FALSE(person.offer);
    const auto robot =
        application_default(Secret(R"({"type":"service_account","client_email":"r@p.example"})"));
    EXPECT_EQ(robot.what, "the key of a service account");
    EXPECT_EQ(robot.account, "r@p.example");
    EXPECT_EQ(robot.obstacle, "it is used where it is: hearth profile add NAME --provider google");
}

TEST(ApplicationDefault, of_another_type_is_not_quoted) {
    const auto odd = application_default(Secret(R"({"type":"s3cret"})"));
    EXPECT_EQ(odd.obstacle, "it is of a type that hearth does not know");
    EXPECT_EQ(application_default(Secret("s3cret")).obstacle, "it is not a JSON object");
}

}  // namespace
}  // namespace hearth::importing
