public import PlimsollCore

extension AWS {
    /// The IAM policy that reading an account needs: exactly the calls of ``AWSAccount``. Source of the permissions'
    /// names: Service Authorization Reference.
    public static var policy: JSONValue {
        .object([
            "Version": "2012-10-17",
            "Statement": .array([
                .object([
                    "Sid": "PlimsollRead", "Effect": "Allow",
                    "Action": .array(AWSAccount.permissions.map(JSONValue.string)), "Resource": "*",
                ])
            ]),
        ])
    }
}
