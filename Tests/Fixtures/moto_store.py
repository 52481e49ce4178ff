"""Starts moto's S3 on a free port of 127.0.0.1 and prints its address. Then obeys lines of JSON on its input, one
answer a line: {"put": KEY, "text": TEXT} and {"delete": KEY}, in the bucket `billing`. Ends with its input."""
import json
import sys

import boto3
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
url = "http://%s:%d" % server.get_host_and_port()
s3 = boto3.client(
    "s3", endpoint_url=url, region_name="us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing")
s3.create_bucket(Bucket="billing")
print(url, flush=True)
for line in sys.stdin:
    order = json.loads(line)
    if "put" in order:
        s3.put_object(Bucket="billing", Key=order["put"], Body=order["text"].encode())
    else:
        s3.delete_object(Bucket="billing", Key=order["delete"])
    print("done", flush=True)
server.stop()
